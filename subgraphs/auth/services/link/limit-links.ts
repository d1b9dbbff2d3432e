import { type EntityManager, MoreThan } from 'typeorm';
import { OneTimeTokenEntity, type TokenPurpose } from '#auth/entities/one-time-token.js';

const HOUR_MS = 60 * 60 * 1000;

/** Mails of one kind that one person causes in an hour. */
const MAX_PER_HOUR = 5;

/**
 * Returns how many seconds a person must wait until another link for this purpose is mailed; 0 = none. Counted by the
 * links that were sent, hence the same in every process.
 */
export async function secondsUntilNextLink(
  manager: EntityManager,
  personId: string,
  purpose: TokenPurpose,
  now: Date,
): Promise<number> {
  const sent = await manager.find(OneTimeTokenEntity, {
    where: { personId, purpose, createdAt: MoreThan(new Date(now.getTime() - HOUR_MS)) },
    order: { createdAt: 'DESC' },
    take: MAX_PER_HOUR,
  });
  const oldest = sent[MAX_PER_HOUR - 1];
  return oldest ? Math.ceil((oldest.createdAt.getTime() + HOUR_MS - now.getTime()) / 1000) : 0;
}
