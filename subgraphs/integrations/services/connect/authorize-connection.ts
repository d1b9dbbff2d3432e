import { createHash, randomBytes } from 'node:crypto';
import type { Equipment } from '#integrations/equipment.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { PENDING_CONSENT_TTL_MS, type PendingConsent } from './pending-consent.js';

const unguessable = () => randomBytes(32).toString('base64url');

/** Returns the S256 challenge for a PKCE verifier (RFC 7636, 4.2). */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/**
 * Returns where a person gives the consent, and until when. With `connectionId` it renews that connection only. Throws
 * InvalidInput when the provider cannot be connected here.
 */
export async function authorizeConnection(
  { services, providers, pendingConsents }: Equipment,
  { organizationId, userId }: Pick<Identity, 'organizationId' | 'userId'>,
  providerId: string,
  connectionId?: string,
): Promise<{ authorizeUrl: string; expiresAt: Date }> {
  const provider = providers.get(providerId);
  if (!organizationId) throw new Unauthenticated();
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
