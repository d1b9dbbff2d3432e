import type { EntityManager } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import { recordAudit } from './record-audit.js';

/** The action of an erasure. It explains why earlier events lack their personal part. */
export const PSEUDONYMIZED = 'audit.pseudonymized';

/** The target type of an erasure of one person's events. */
export const PSEUDONYMIZED_PERSON = 'User';

/**
 * Erases the personal part (address, user agent, before, after) of the events in an organization's trail; with `actorId` only
 * of that person's. Action, time, ids and chain stay, and an event records the erasure. Call it in the transaction of its
 * cause, after its last event.
 */
export async function pseudonymizeAudit(
  manager: EntityManager,
  organizationId: string,
  { actorId, identity }: { actorId?: string; identity?: Identity } = {},
): Promise<void> {
  // The event comes first, for its lock: no other is added until the earlier ones are erased.
  await recordAudit(
    manager,
    { kind: 'service', scopes: [], requestId: identity?.requestId ?? 'pseudonymize-audit' },
    {
      organizationId,
      action: PSEUDONYMIZED,
      target: actorId ? { type: PSEUDONYMIZED_PERSON, id: actorId } : undefined,
    },
  );
  await manager.query(
    `UPDATE operations.audit_event SET address = NULL, user_agent = NULL, before = NULL, after = NULL, salt = NULL
     WHERE organization_id = $1 AND ($2::text IS NULL OR actor_id = $2) AND action <> $3`,
    [organizationId, actorId ?? null, PSEUDONYMIZED],
  );
}
