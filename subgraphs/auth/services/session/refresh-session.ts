import type { DataSource, EntityManager } from 'typeorm';
import { type RefreshToken, RefreshTokenEntity } from '#auth/entities/refresh-token.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { endReusedSession } from './end-reused-session.js';
import { forgetSessions } from './end-sessions.js';
import { hashRefreshToken, REFRESH_TOKEN_TTL_MS, successorOf } from './refresh-token.js';
import { credentialsOf, type SignedIn } from './sign-in.js';

/** How long a token that was just exchanged is still answered with its successor: honest clients race themselves. */
const GRACE_MS = 10_000;

type Exchange = { session: Session; successor: string } | { endedSessions: Session[] };

/**
 * Returns the successor a token was exchanged for just now, as long as the answer may still be on its way to an honest
 * client. It may have been derived by a process that has another of the secrets while they are being changed.
 */
async function successorWithinGrace(
  { secrets }: Services,
  manager: EntityManager,
  { token, used, now }: { token: string; used: RefreshToken; now: Date },
): Promise<string | null> {
  if (!used.replacedAt || now.getTime() - used.replacedAt.getTime() > GRACE_MS) return null;
  for (const secret of [secrets.internal, ...secrets.previousInternal]) {
    const successor = successorOf(token, secret);
    const next = await manager.findOneBy(RefreshTokenEntity, { hash: hashRefreshToken(successor) });
    if (next) return next.replacedAt ? null : successor;
  }
  return null;
}

async function exchange(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  token: string,
): Promise<Exchange> {
  const refused = () => new Unauthenticated('This refresh token is not valid (any more): log in again.');
  const now = services.now();
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
  if (current.replacedAt) {
    const given = await successorWithinGrace(services, manager, { token, used: current, now });
    if (given) return { session, successor: given };
    return { endedSessions: await endReusedSession(services, manager, identity, session) };
  }
  const successor = successorOf(token, services.secrets.internal);
  await manager.update(RefreshTokenEntity, { hash }, { replacedAt: now });
  await manager.insert(RefreshTokenEntity, { hash: hashRefreshToken(successor), sessionId: session.id });
  session.expiresAt = new Date(now.getTime() + REFRESH_TOKEN_TTL_MS);
  session.lastSeenAt = now;
  await manager.save(SessionEntity, session);
  return { session, successor };
}

/**
 * Exchanges a refresh token for a new pair. The same token again within the grace answers the same successor; later, or
 * once the successor was used, it counts as stolen: the session ends, and its person is told by mail. Throws
 * Unauthenticated when it does not hold.
 */
export async function refreshSession(
  services: Services,
  database: DataSource,
  identity: Identity,
  token: string,
): Promise<SignedIn> {
  const result = await database.transaction((manager) => exchange(services, manager, identity, token));
  if ('endedSessions' in result) {
    await forgetSessions(services, result.endedSessions);
    await deliverSoon(services);
    throw new Unauthenticated('This refresh token was used before: the session has been ended. Log in again.');
  }
  return credentialsOf(services, result.session, result.successor);
}
