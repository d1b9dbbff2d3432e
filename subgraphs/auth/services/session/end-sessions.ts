import { In, IsNull, MoreThan, Not } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { type AuditEntry, INSTALLATION } from '#runtime/audit/record-audit.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';

export type EndReason =
  | 'LOG_OUT'
  | 'LOG_OUT_EVERYWHERE'
  | 'ENDED_FROM_ANOTHER_SESSION'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'EMAIL_CHANGE_STOPPED'
  | 'REFRESH_TOKEN_REUSED'
  | 'TOO_MANY_SESSIONS';

export interface SessionsToEnd {
  personId: string;
  /** One session id; undefined = all. */
  only?: string;
  /** A session id. */
  except?: string;
}

/**
 * Ends live sessions of a person and returns them. Record their `sessionEnds` last in the transaction, and call
 * `forgetSessions` after the commit.
 */
export async function endSessions(
  { services, manager }: TransactionContext,
  { personId, only, except }: SessionsToEnd,
): Promise<Session[]> {
  const now = services.now();
  const sessions = await manager.find(SessionEntity, {
    where: {
      personId,
      revokedAt: IsNull(),
      expiresAt: MoreThan(now),
      ...(only && { id: only }),
      ...(except && { id: Not(except) }),
    },
    // The same order everywhere, against deadlocks.
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const ids = sessions.map(({ id }) => id);
  if (ids.length > 0) await manager.update(SessionEntity, { id: In(ids) }, { revokedAt: now });
  return sessions;
}

/**
 * Ends the sessions of a person beyond the `keep` most recently used, and returns them. Otherwise as `endSessions`.
 */
export async function endOldestSessions(
  { services, manager }: TransactionContext,
  { personId, keep }: { personId: string; keep: number },
): Promise<Session[]> {
  const now = services.now();
  const oldest = await manager.find(SessionEntity, {
    where: { personId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
    order: { lastSeenAt: 'DESC', id: 'ASC' },
    skip: keep,
    // Those are being ended or refreshed: waiting for them could deadlock.
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
  if (oldest.length > 0) {
    await manager.update(SessionEntity, { id: In(oldest.map(({ id }) => id)) }, { revokedAt: now });
  }
  return oldest;
}

/** Returns the audit entries of sessions that were ended. */
export function sessionEnds(sessions: Session[], reason: EndReason): AuditEntry[] {
  return sessions.map(({ id, organizationId }) => ({
    organizationId: organizationId ?? INSTALLATION,
    action: 'session.ended',
    target: { type: 'Session', id },
    after: { reason },
  }));
}

/** Removes sessions from the gateways' identity cache, so that access tokens end at once. */
export async function forgetSessions(
  { services }: Pick<ServiceContext, 'services'>,
  sessions: Pick<Session, 'id'>[],
): Promise<void> {
  const cache = sessionIdentityCache(services.cache);
  await Promise.all(sessions.map(({ id }) => cache.delete(id)));
}
