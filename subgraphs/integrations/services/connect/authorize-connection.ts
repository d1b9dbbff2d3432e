import { createHash } from 'node:crypto';
import type { Context } from '#integrations/context.js';
import { Unauthenticated } from '#runtime/errors.js';
import { askForConsent, type ConsentRequest } from './pending-consent.js';
import { resolveReturnTo } from './return-to.js';

/** Returns the S256 challenge for a PKCE verifier (RFC 7636, 4.2). */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** A provider's consent page, and until when the consent can be given. */
export interface Authorization {
  authorizeUrl: string;
  expiresAt: Date;
}

/** Returns where a user consents; `connectionId` renews that connection only. */
export async function requestConsent(context: Context, request: ConsentRequest): Promise<Authorization> {
  const provider = context.providers.get(request.providerId);
  const { state, codeVerifier, redirectUri, expiresAt } = await askForConsent(context, request);
  const authorizeUrl = provider.authorizeUrl({ redirectUri, state, codeChallenge: challengeOf(codeVerifier) });
  return { authorizeUrl, expiresAt };
}

/** Returns where the caller consents. Throws InvalidInput for a provider that cannot be connected, or for `returnTo`. */
export async function authorizeConnection(
  context: Context,
  { providerId, returnTo }: { providerId: string; returnTo?: string | null },
): Promise<Authorization> {
  context.providers.get(providerId);
  const { organizationId, userId } = context.identity;
  if (!organizationId || !userId) throw new Unauthenticated();
  const page = resolveReturnTo(context, returnTo);
  return requestConsent(context, { providerId, organizationId, userId, connectionId: null, returnTo: page });
}
