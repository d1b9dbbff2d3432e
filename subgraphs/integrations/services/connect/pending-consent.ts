import type { Context } from '#integrations/context.js';
import { take } from '#runtime/cache/cache.js';
import { InvalidInput } from '#runtime/errors.js';

export const PENDING_CONSENT_TTL_MS = 10 * 60 * 1000;

/** A consent whose `state` is used once and names the organization: the callback is not authenticated. */
export interface PendingConsent {
  providerId: string;
  organizationId: string;
  /** Undefined for an API key. */
  userId: string | undefined;
  codeVerifier: string;
  redirectUri: string;
  /** The connection to renew, by the same user at the provider. */
  connectionId?: string;
  /** ISO 8601. */
  expiresAt: string;
}

/**
 * Returns and deletes a pending consent. Throws InvalidInput for a state that is unknown, used, expired or another
 * provider's.
 */
export async function takePendingConsent(
  { pendingConsents, services }: Context,
  { state, providerId }: { state: string; providerId: string },
): Promise<PendingConsent> {
  const pending = await take<PendingConsent>(pendingConsents, state);
  if (pending && pending.providerId === providerId && new Date(pending.expiresAt) > services.now()) return pending;
  throw new InvalidInput([
    { argument: 'state', problem: 'is unknown, expired or used already: start connecting again' },
  ]);
}
