import type { EntityManager } from 'typeorm';
import { type AuditEntry, recordAudit } from '../../../ops/runtime/audit/record-audit.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import { MembershipEntity } from '../entities/membership.js';

/** Returns who acts, once it is known that it is this person: by password or by a link only they were sent. */
export function asPerson({ client, requestId }: Identity, userId: string): Identity {
  return { kind: 'user', userId, scopes: [], client, requestId };
}

/** Adds something that happened to a person to the trail of every organization they belong to. */
export async function recordPersonAudit(
  manager: EntityManager,
  identity: Identity,
  personId: string,
  entry: Omit<AuditEntry, 'organizationId' | 'target'>,
): Promise<void> {
  const memberships = await manager.find(MembershipEntity, {
    where: { personId },
    // Always in the same order, so that two of these never wait for each other.
    order: { organizationId: 'ASC' },
  });
  for (const { organizationId } of memberships) {
    await recordAudit(manager, identity, { ...entry, organizationId, target: { type: 'User', id: personId } });
  }
}
