import { createHash, randomBytes } from 'node:crypto';
import type { Context } from '#integrations/context.js';
import { Unauthenticated } from '#runtime/errors.js';
import { PENDING_CONSENT_TTL_MS, type PendingConsent } from './pending-consent.js';

const unguessable = () => randomBytes(32).toString('base64url');

/** Returns the S256 challenge for a PKCE verifier (RFC 7636, 4.2). */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** A provider's consent page, and until when consent can be completed. */
export interface Authorization {
  authorizeUrl: string;
  expiresAt: Date;
}

/** Returns where the caller consents. Throws InvalidInput when the provider cannot be connected here. */
export async function authorizeConnection(
  context: Context,
  { providerId }: { providerId: string },
): Promise<Authorization> {
  context.providers.get(providerId);
  const { organizationId, userId } = context.identity;
  if (!organizationId) throw new Unauthenticated();
  return requestConsent(context, { providerId, organizationId, userId });
}

type ConsentRequest = Pick<PendingConsent, 'providerId' | 'organizationId' | 'userId' | 'connectionId'>;

/** Returns where a user consents; `connectionId` renews that connection only. */
export async function requestConsent(
  { services, providers, pendingConsents }: Context,
  { providerId, organizationId, userId, connectionId }: ConsentRequest,
): Promise<Authorization> {
  const provider = providers.get(providerId);
  const state = unguessable();
  const codeVerifier = unguessable();
  const redirectUri = `${services.publicUrl()}/oauth/${providerId}/callback`;
  const expiresAt = new Date(services.now().getTime() + PENDING_CONSENT_TTL_MS);
  const pending: PendingConsent = {
    providerId,
    organizationId,
    userId,
    codeVerifier,
    redirectUri,
    ...(connectionId && { connectionId }),
    expiresAt: expiresAt.toISOString(),
  };
  const isKept = await pendingConsents.set(state, pending, PENDING_CONSENT_TTL_MS);
  if (!isKept) throw new Error('The state of a consent could not be kept');
  const authorizeUrl = provider.authorizeUrl({ redirectUri, state, codeChallenge: challengeOf(codeVerifier) });
  return { authorizeUrl, expiresAt };
}
