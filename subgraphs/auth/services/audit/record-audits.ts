import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { type AuditEntry, recordAudit } from '#runtime/audit/record-audit.js';

/** An event about a person, which belongs in the trail of each of their organizations. */
type PersonEvent = Omit<AuditEntry, 'organizationId' | 'target'> & { personId: string };

/** Adds an event to an organization's trail on behalf of the context's identity. Call it last in the transaction. */
export function audit({ manager, identity }: TransactionContext, entry: AuditEntry): Promise<void> {
  return recordAudit(manager, identity, entry);
}

/** Returns an entry about a person for each organization they belong to. */
export async function personEntries(
  { manager }: ServiceContext,
  { personId, ...event }: PersonEvent,
): Promise<AuditEntry[]> {
  const memberships = await manager.findBy(MembershipEntity, { personId });
  const target = { type: 'User', id: personId };
  return memberships.map(({ organizationId }) => ({ ...event, organizationId, target }));
}

/**
 * Adds events to the trails of several organizations. Call it last in the transaction, and once: trails are locked in the
 * order of their ids, so that two transactions cannot deadlock.
 */
export async function recordAudits(transaction: TransactionContext, entries: AuditEntry[]): Promise<void> {
  const ordinal = (a: string, b: string) => Number(a > b) - Number(a < b);
  const inOrder = entries.toSorted((a, b) => ordinal(a.organizationId, b.organizationId));
  for (const entry of inOrder) await audit(transaction, entry);
}

/** Adds an event about a person to the trail of each of their organizations. Call it last in the transaction. */
export async function recordPersonAudit(transaction: TransactionContext, event: PersonEvent): Promise<void> {
  await recordAudits(transaction, await personEntries(transaction, event));
}
