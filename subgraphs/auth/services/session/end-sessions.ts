import { type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import type { Services } from '#runtime/services.js';

/** Why a session was ended, for the audit trail. */
export type EndReason =
  | 'LOG_OUT'
  | 'LOG_OUT_EVERYWHERE'
  | 'ENDED_FROM_ANOTHER_SESSION'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'EMAIL_CHANGE_STOPPED'
  | 'REFRESH_TOKEN_REUSED';

export interface SessionsToEnd {
  personId: string;
  now: Date;
  /** One session; undefined = all of the person's. */
  only?: string;
  /** One that goes on. */
  except?: string;
}

/**
 * Ends live sessions of a person: their refresh tokens are refused once that is committed. Returns them; record what
 * `sessionEnds` makes of them last in the transaction, and hand them to `forgetSessions` after the commit.
 */
export async function endSessions(
  manager: EntityManager,
  { personId, now, only, except }: SessionsToEnd,
): Promise<Session[]> {
  const sessions = await manager.find(SessionEntity, {
    where: {
      personId,
      revokedAt: IsNull(),
      expiresAt: MoreThan(now),
      ...(only && { id: only }),
      ...(except && { id: Not(except) }),
    },
    // Always in the same order, so that two of these never wait for each other.
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const ids = sessions.map(({ id }) => id);
  if (ids.length > 0) await manager.update(SessionEntity, { id: In(ids) }, { revokedAt: now });
  return sessions;
}

/** Returns what the audit trail is to say of sessions that were ended. */
export function sessionEnds(sessions: Session[], reason: EndReason): AuditEntry[] {
  return sessions.map(({ id, organizationId }) => ({
    organizationId,
    action: 'session.ended',
    target: { type: 'Session', id },
    after: { reason },
  }));
}

/** Has the gateways stop believing in sessions that were ended: their access tokens are refused as well. */
export async function forgetSessions(services: Services, sessions: Session[]): Promise<void> {
  const cache = sessionIdentityCache(services.cache);
  await Promise.all(sessions.map(({ id }) => cache.delete(id)));
}
