import { MoreThan } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { OneTimeTokenEntity, type TokenPurpose } from '#auth/entities/one-time-token.js';

const HOUR_MS = 60 * 60 * 1000;

const MAX_PER_HOUR = 5;

/** Returns the seconds until a person may be mailed another link for this purpose; 0 = now. */
export async function secondsUntilNextLink(
  { services, manager }: ServiceContext,
  { personId, purpose }: { personId: string; purpose: TokenPurpose },
): Promise<number> {
  const nowMs = services.now().getTime();
  const sent = await manager.find(OneTimeTokenEntity, {
    where: { personId, purpose, createdAt: MoreThan(new Date(nowMs - HOUR_MS)) },
    order: { createdAt: 'DESC' },
    take: MAX_PER_HOUR,
  });
  const oldest = sent[MAX_PER_HOUR - 1];
  return oldest ? Math.ceil((oldest.createdAt.getTime() + HOUR_MS - nowMs) / 1000) : 0;
}
