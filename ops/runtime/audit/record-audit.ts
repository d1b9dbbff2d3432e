import type { EntityManager } from 'typeorm';
import type { Identity } from '../identity.js';

/** Something that was done, or tried, in an organization, for its audit trail. */
export interface AuditEntry {
  /** Whose trail. */
  organizationId: string;
  /** What happened: a thing and a past participle, such as `session.started`, `role.changed`, `sign-in.refused`. */
  action: string;
  /** What it happened to. */
  target?: { type: string; id: string };
  /** What was changed, as it was and as it is. Never a secret, and nothing that is one when it leaks. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/**
 * Adds to an organization's audit trail in the transaction of what happened: it is there if, and only if, that is
 * committed. Who did it, from where and in which request is read from the identity. Call it last in the transaction.
 */
export async function recordAudit(
  manager: EntityManager,
  { kind, userId, apiKeyId, client, requestId }: Identity,
  { organizationId, action, target, before, after }: AuditEntry,
): Promise<void> {
  await manager.query(
    `INSERT INTO operations.audit_event
       (organization_id, action, actor_kind, actor_id, address, user_agent, request_id, target_type, target_id, before, after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      organizationId,
      action,
      kind,
      userId ?? apiKeyId ?? null,
      client?.address ?? null,
      client?.userAgent ?? null,
      requestId,
      target?.type ?? null,
      target?.id ?? null,
      before ?? null,
      after ?? null,
    ],
  );
}
