import type { Equipment } from '#integrations/equipment.js';
import { take } from '#runtime/cache/cache.js';
import { InvalidInput } from '#runtime/errors.js';

/** How long a person may take to consent. */
export const PENDING_CONSENT_TTL_MS = 10 * 60 * 1000;

/** What a `state` stands for. It is used once, and it says for whom: the caller of the callback is nobody in particular. */
export interface PendingConsent {
  providerId: string;
  organizationId: string;
  /** Who asked; undefined for an API key. */
  userId: string | undefined;
  codeVerifier: string;
  redirectUri: string;
  /** The connection that is to be renewed, by the same person at the provider; absent = anybody's is taken. */
  connectionId?: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** Returns what a state stands for and forgets it. Throws InvalidInput for one that is unknown, used, expired or another provider's. */
export async function takePendingConsent(
  { pendingConsents, services }: Equipment,
  state: string,
  providerId: string,
): Promise<PendingConsent> {
  const pending = await take<PendingConsent>(pendingConsents, state);
  if (pending && pending.providerId === providerId && new Date(pending.expiresAt) > services.now()) return pending;
  throw new InvalidInput([
    { argument: 'state', problem: 'is unknown, expired or used already: start connecting again' },
  ]);
}
