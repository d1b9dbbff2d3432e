import { type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import { recordAudit } from '../../../ops/runtime/audit/record-audit.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { sessionIdentityCache } from '../../../ops/runtime/session-identity.js';
import { SessionEntity } from '../entities/session.js';

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
  reason: EndReason;
  now: Date;
  /** One session; undefined = all of the person's. */
  only?: string;
  /** One that goes on. */
  except?: string;
}

/**
 * Ends live sessions of a person: their refresh tokens are refused once that is committed. Returns their ids; hand them
 * to `forgetSessions` after the commit.
 */
export async function endSessions(
  manager: EntityManager,
  identity: Identity,
  { personId, reason, now, only, except }: SessionsToEnd,
): Promise<string[]> {
  const sessions = await manager.find(SessionEntity, {
    where: {
      personId,
      revokedAt: IsNull(),
      expiresAt: MoreThan(now),
      ...(only && { id: only }),
      ...(except && { id: Not(except) }),
    },
    // Always in the same order, so that two of these never wait for each other.
    order: { organizationId: 'ASC', id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (sessions.length === 0) return [];
  const ids = sessions.map(({ id }) => id);
  await manager.update(SessionEntity, { id: In(ids) }, { revokedAt: now });
  for (const { id, organizationId } of sessions) {
    const target = { type: 'Session', id };
    await recordAudit(manager, identity, { organizationId, action: 'session.ended', target, after: { reason } });
  }
  return ids;
}

/** Has the gateways stop believing in sessions that were ended: their access tokens are refused as well. */
export async function forgetSessions(runtime: Runtime, sessionIds: string[]): Promise<void> {
  const cache = sessionIdentityCache(runtime.cache);
  await Promise.all(sessionIds.map((id) => cache.delete(id)));
}
