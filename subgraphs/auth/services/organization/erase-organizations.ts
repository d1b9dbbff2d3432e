import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { eraseOrganizationJobOf } from '#kit/erase-organization-job.js';
import { pseudonymizeAudit } from '#runtime/audit/pseudonymize-audit.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { Services } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { closeOrganization, eraser } from './close-organization.js';

/**
 * What was begun while the organization was open is over by then: requests, consents at a provider (10 minutes), links to
 * downloads (15 minutes). Nothing can be written for it after its rows are gone.
 */
export const SETTLE_MS = 15 * 60 * 1000;

/** An erasure that takes longer needs somebody to look at it. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;

/** Orders from each subgraph what it has not done yet. Returns whether all of them are done. */
async function orderErasure({ jobs }: Services, organizationId: string): Promise<boolean> {
  let isDone = true;
  for (const name of subgraphNames.map(eraseOrganizationJobOf)) {
    if (await jobs.isDone(name, organizationId)) continue;
    isDone = false;
    await jobs.enqueue(name, { key: organizationId, organizationId }, { idempotencyKey: organizationId });
  }
  return isDone;
}

/** Erases what belongs to no subgraph, makes the trail that stays tell nothing of people, and takes the mark away. */
async function finish({ jobs }: Services, database: DataSource, organizationId: string): Promise<void> {
  await jobs.discardOf(organizationId);
  await database.transaction(async (manager) => {
    const isMarked = await manager.findOne(OrganizationEntity, {
      where: { id: organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!isMarked?.closedAt) return;
    const isKept = (table: string) => table.startsWith('audit_');
    await eraseRows(manager, { schema: 'operations', organizationId, isKept });
    const target = { type: 'Organization', id: organizationId };
    await recordAudit(manager, eraser(organizationId), { organizationId, action: 'organization.erased', target });
    await manager.delete(OrganizationEntity, { id: organizationId });
    await pseudonymizeAudit(manager, organizationId);
  });
}

async function advance(services: Services, database: DataSource, { id, closedAt }: Organization): Promise<void> {
  if (!closedAt) return closeOrganization(services, database, id);
  const closedForMs = services.now().getTime() - closedAt.getTime();
  if (closedForMs < SETTLE_MS) return;
  if (await orderErasure(services, id)) return finish(services, database, id);
  if (closedForMs < PATIENCE_MS) return;
  const message = 'An organization could not be erased within a day: look at its jobs "erase-organization" at /jobs.';
  services.alerts.raise({ category: 'job', key: 'erase-organization', message, organizationId: id });
}

/**
 * Takes every organization whose deletion is due one step further: closed, erased from each subgraph, forgotten. Each step
 * is there or not, and the next run finds out which: whatever dies when, the rest is done later. Throws the last failure
 * after all of them had their turn.
 */
export async function eraseOrganizations(services: Services, database: DataSource): Promise<void> {
  const due = await database
    .createQueryBuilder(OrganizationEntity, 'organization')
    .where('organization.deletionAt <= :now', { now: services.now() })
    .orderBy('organization.deletionAt')
    .getMany();
  let failure: unknown;
  for (const organization of due) {
    await advance(services, database, organization).catch((error: unknown) => {
      failure = error;
    });
  }
  if (failure) throw failure;
}
