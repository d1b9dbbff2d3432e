import type { EntityManager } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import { recordAudit } from './record-audit.js';

/** What an erasure is called in the trail it happened in: it vouches for the events before it that lack their personal part. */
export const PSEUDONYMIZED = 'audit.pseudonymized';

/** The type of an erasure's target when only one person's events were erased. */
export const PSEUDONYMIZED_PERSON = 'User';

/**
 * Forgets addresses, programs and what was changed, before and after, in the trail of an organization; with `actorId` only
 * in the events of that person. What was done, when and by which id stays, and so does the chain: a last event says what was
 * erased. Call it in the transaction of its cause, after its last event.
 */
export async function pseudonymizeAudit(
  manager: EntityManager,
  organizationId: string,
  { actorId, identity }: { actorId?: string; identity?: Identity } = {},
): Promise<void> {
  // First the event, for its lock: nobody adds another one until what stands before it is erased.
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
