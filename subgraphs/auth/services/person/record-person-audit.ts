import type { EntityManager } from 'typeorm';
import { aboutPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import type { AuditEntry } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Adds something that happened to a person to the trail of every organization they belong to. Call it last in the transaction. */
export async function recordPersonAudit(
  manager: EntityManager,
  identity: Identity,
  personId: string,
  entry: Omit<AuditEntry, 'organizationId' | 'target'>,
): Promise<void> {
  await recordAudits(manager, identity, await aboutPerson(manager, personId, entry));
}
