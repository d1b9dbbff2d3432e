import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type AuditEntry, INSTALLATION, recordAudit } from '#runtime/audit/record-audit.js';

/** An event for the trail of each of the person's organizations. */
type PersonEvent = Omit<AuditEntry, 'organizationId' | 'target'> & { personId: string };

/** Adds an event to an organization's trail. Call it last in the transaction. */
export function audit({ manager, identity }: TransactionContext, entry: AuditEntry): Promise<void> {
  return recordAudit(manager, identity, entry);
}

/** Returns an entry for each organization of the person; for that of the installation if they belong to none. */
export async function personEntries(
  { manager }: ServiceContext,
  { personId, ...event }: PersonEvent,
): Promise<AuditEntry[]> {
  const memberships = await manager.findBy(MembershipEntity, { personId });
  const target = { type: 'User', id: personId };
  const trails = memberships.length > 0 ? memberships : [{ organizationId: INSTALLATION }];
  return trails.map(({ organizationId }) => ({ ...event, organizationId, target }));
}

/**
 * Adds events to several trails, locked in a fixed order against deadlocks. Call it last in the transaction, and once.
 */
export async function recordAudits(transaction: TransactionContext, entries: AuditEntry[]): Promise<void> {
  const ordinal = (a: string, b: string) => Number(a > b) - Number(a < b);
  const inOrder = entries.toSorted((a, b) => ordinal(a.organizationId, b.organizationId));
  for (const entry of inOrder) await audit(transaction, entry);
}

/** Adds an event to the trail of each organization of the person. Call it last in the transaction. */
export async function recordPersonAudit(transaction: TransactionContext, event: PersonEvent): Promise<void> {
  await recordAudits(transaction, await personEntries(transaction, event));
}
