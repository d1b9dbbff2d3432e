import type { EntityManager } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type AuditEntry, recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Returns who acts, once it is known that it is this person: by password or by a link only they were sent. */
export function asPerson({ client, requestId }: Identity, userId: string): Identity {
  return { kind: 'user', userId, scopes: [], client, requestId };
}

/** Returns what is to be said of a person in the trail of every organization they belong to. */
export async function aboutPerson(
  manager: EntityManager,
  personId: string,
  entry: Omit<AuditEntry, 'organizationId' | 'target'>,
): Promise<AuditEntry[]> {
  const memberships = await manager.findBy(MembershipEntity, { personId });
  const target = { type: 'User', id: personId };
  return memberships.map(({ organizationId }) => ({ ...entry, organizationId, target }));
}

/**
 * Adds to the trails of several organizations, in the order of their ids: each waits for its turn, and two of these must
 * never wait for each other. Call it last in the transaction, and once.
 */
export async function recordAudits(manager: EntityManager, identity: Identity, entries: AuditEntry[]): Promise<void> {
  const ordinal = (a: string, b: string) => Number(a > b) - Number(a < b);
  const inOrder = entries.toSorted((a, b) => ordinal(a.organizationId, b.organizationId));
  for (const entry of inOrder) await recordAudit(manager, identity, entry);
}
