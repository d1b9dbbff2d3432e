import type { DataSource, EntityManager } from 'typeorm';
import { Unauthenticated } from '../../../ops/runtime/errors.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { type RefreshToken, RefreshTokenEntity } from '../entities/refresh-token.js';
import { type Session, SessionEntity } from '../entities/session.js';
import { hashRefreshToken, REFRESH_TOKEN_TTL_MS, successorOf } from './refresh-token.js';
import { revokeSession } from './revoke-session.js';
import { credentialsOf, type SignedIn } from './sign-in.js';

/** How long a token that was just exchanged is still answered with its successor: honest clients race themselves. */
const GRACE_MS = 10_000;

type Exchange = { session: Session; successor: string } | { reusedSession: Session };

/** Whether the answer to the last exchange may still be on its way to an honest client. */
async function isWithinGrace(manager: EntityManager, used: RefreshToken, successor: string, now: Date) {
  if (!used.replacedAt || now.getTime() - used.replacedAt.getTime() > GRACE_MS) return false;
  const next = await manager.findOneBy(RefreshTokenEntity, { hash: hashRefreshToken(successor) });
  return next !== null && next.replacedAt === null;
}

async function exchange(runtime: Runtime, manager: EntityManager, token: string): Promise<Exchange> {
  const refused = () => new Unauthenticated('This refresh token is not valid (any more): log in again.');
  const now = runtime.now();
  const hash = hashRefreshToken(token);
  const known = await manager.findOneBy(RefreshTokenEntity, { hash });
  if (!known) throw refused();
  // Exchanges of one session take turns; what was read before the turn may have changed.
  const session = await manager.findOne(SessionEntity, {
    where: { id: known.sessionId },
    lock: { mode: 'pessimistic_write' },
  });
  const current = await manager.findOneBy(RefreshTokenEntity, { hash });
  if (!session || !current || session.revokedAt || session.expiresAt <= now) throw refused();
  const successor = successorOf(token, runtime.secrets.internal);
  if (current.replacedAt) {
    const isHonest = await isWithinGrace(manager, current, successor, now);
    return isHonest ? { session, successor } : { reusedSession: session };
  }
  await manager.update(RefreshTokenEntity, { hash }, { replacedAt: now });
  await manager.insert(RefreshTokenEntity, { hash: hashRefreshToken(successor), sessionId: session.id });
  session.expiresAt = new Date(now.getTime() + REFRESH_TOKEN_TTL_MS);
  await manager.save(SessionEntity, session);
  return { session, successor };
}

/**
 * Exchanges a refresh token for a new pair. The same token again within the grace answers the same successor; later, or
 * once the successor was used, it counts as stolen: the session ends. Throws Unauthenticated when it does not hold.
 */
export async function refreshSession(runtime: Runtime, database: DataSource, token: string): Promise<SignedIn> {
  const result = await database.transaction((manager) => exchange(runtime, manager, token));
  if ('reusedSession' in result) {
    const { id, personId, organizationId } = result.reusedSession;
    await revokeSession(runtime, database, id);
    runtime.logger.audit({ sessionId: id, personId, organizationId }, 'A refresh token was used twice: session ended');
    throw new Unauthenticated('This refresh token was used before: the session has been ended. Log in again.');
  }
  return credentialsOf(runtime, result.session, result.successor);
}
