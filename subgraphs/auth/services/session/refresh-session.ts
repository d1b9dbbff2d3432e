import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import { type RefreshToken, RefreshTokenEntity } from '#auth/entities/refresh-token.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { describeOrigin } from '#auth/mails/origin.js';
import { sessionReusedMail } from '#auth/mails/session-reused.js';
import { recordAudits } from '#auth/services/audit/record-audits.js';
import { hashToken } from '#auth/services/link/token.js';
import { RateLimited, Unauthenticated } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { endSessions, forgetSessions, sessionEnds } from './end-sessions.js';
import { recordRefresh } from './record-refresh.js';
import { refreshExpiry, successorOf } from './refresh-token.js';
import { credentialsOf, type SignedIn } from './sign-in.js';

/** In this time a repeated exchange returns the same successor: honest clients race themselves. */
const GRACE_MS = 10_000;

type Exchange = { session: Session; successor: string } | { endedSessions: Session[] };

/** The successor of a used token within the grace, unless it was used itself. */
async function successorWithinGrace(
  { services, manager }: TransactionContext,
  { token, used }: { token: string; used: RefreshToken },
): Promise<string | null> {
  if (!used.replacedAt || services.now().getTime() - used.replacedAt.getTime() > GRACE_MS) return null;
  // Another process may have derived it with another secret.
  for (const secret of services.secrets.keysOf('auth')) {
    const successor = successorOf(token, secret);
    const next = await manager.findOneBy(RefreshTokenEntity, { hash: hashToken(successor) });
    if (next) return next.replacedAt ? null : successor;
  }
  return null;
}

/** Ends a session whose refresh token may have been stolen. */
async function endReusedSession(
  transaction: TransactionContext,
  { id, personId, organizationId }: Session,
): Promise<Session[]> {
  const { services, manager } = transaction;
  const { email } = await manager.findOneByOrFail(PersonEntity, { id: personId });
  const mail = sessionReusedMail(describeOrigin(transaction));
  await queueMail(manager, { recipient: email, kind: 'session-reused', key: `session-reused ${id}`, ...mail });
  services.logger.audit({ sessionId: id, personId, organizationId }, 'Session ended: refresh token reused');
  const ended = await endSessions(transaction, { personId, only: id });
  await recordAudits(transaction, sessionEnds(ended, 'REFRESH_TOKEN_REUSED'));
  return ended;
}

async function exchange(transaction: TransactionContext, { token }: { token: string }): Promise<Exchange> {
  const { services, manager } = transaction;
  const refused = () => new Unauthenticated('This refresh token is not valid (any more): log in again.');
  const hash = hashToken(token);
  const known = await manager.findOneBy(RefreshTokenEntity, { hash });
  if (!known) throw refused();
  // Serializes exchanges of the session; the token may have changed before the lock.
  const session = await manager.findOne(SessionEntity, {
    where: { id: known.sessionId },
    lock: { mode: 'pessimistic_write' },
  });
  const current = await manager.findOneBy(RefreshTokenEntity, { hash });
  const now = services.now();
  if (!session || !current || session.revokedAt || session.expiresAt <= now) throw refused();
  if (current.replacedAt) {
    const issued = await successorWithinGrace(transaction, { token, used: current });
    if (issued) {
      await recordRefresh(transaction, session);
      return { session, successor: issued };
    }
    return { endedSessions: await endReusedSession(transaction, session) };
  }
  const successor = successorOf(token, services.secrets.keysOf('auth')[0]);
  await manager.update(RefreshTokenEntity, { hash }, { replacedAt: now });
  await manager.insert(RefreshTokenEntity, { hash: hashToken(successor), sessionId: session.id });
  session.expiresAt = refreshExpiry(now, session.endsAt);
  session.lastSeenAt = now;
  await manager.save(SessionEntity, session);
  await recordRefresh(transaction, session);
  return { session, successor };
}

/** Each exchange returns a token that gateways count by itself, so that a session needs a limit of its own. */
const QUOTA = { name: 'session-refreshes', points: 100, windowSeconds: 15 * 60 };

async function limitRefreshes({ services, manager }: ServiceContext, token: string): Promise<void> {
  const known = await manager.findOneBy(RefreshTokenEntity, { hash: hashToken(token) });
  if (!known) return;
  const { isAllowed, resetSeconds } = await services.rateLimits.open(QUOTA).count(known.sessionId);
  if (!isAllowed) throw new RateLimited('This session was refreshed too often: wait a while.', resetSeconds);
}

/**
 * Exchanges a refresh token for a new pair. Within the grace it returns the same successor again; after that, or once
 * the successor was used, the token counts as stolen and the session ends. Throws Unauthenticated, and RateLimited after 100 in 15
 * minutes.
 */
export async function refreshSession(
  context: ServiceContext,
  { refreshToken }: { refreshToken: string },
): Promise<SignedIn> {
  await limitRefreshes(context, refreshToken);
  const result = await inTransaction(context, (transaction) => exchange(transaction, { token: refreshToken }));
  if ('endedSessions' in result) {
    await forgetSessions(context, result.endedSessions);
    await deliverSoon(context.services);
    throw new Unauthenticated('This refresh token was used before: the session has been ended. Log in again.');
  }
  return credentialsOf(context, { session: result.session, refreshToken: result.successor });
}
