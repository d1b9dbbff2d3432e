import { IsNull, MoreThan } from 'typeorm';
import { inTransaction, type JobDependencies, jobContext, type ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { closeOrganization } from '#auth/services/organization/close-organization.js';
import { eraseOrganizationJobOf } from '#kit/erase-organization-job.js';
import { followDeletionSoon } from '#kit/follow-deletion-job.js';
import { pseudonymizeAudit } from '#runtime/audit/pseudonymize-audit.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { subgraphNames } from '#schema/type-definitions.js';

/**
 * The pause between closing and erasing. Whatever began before has ended then: requests, consents (10 minutes),
 * download links (15 minutes).
 */
export const SETTLE_MS = 15 * 60 * 1000;

/** After this, operators are alerted. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;

interface ToErase {
  organizationId: string;
}

/** Enqueues the erasure in each subgraph. Returns whether all have finished it. */
async function orderErasure({ services }: ServiceContext, { organizationId }: ToErase): Promise<boolean> {
  const { jobs } = services;
  let isDone = true;
  for (const name of subgraphNames.map(eraseOrganizationJobOf)) {
    if (await jobs.isDone(name, organizationId)) continue;
    isDone = false;
    await jobs.enqueue(name, { key: organizationId, organizationId }, { idempotencyKey: organizationId });
  }
  return isDone;
}

/** Erases the shared tables, pseudonymizes the audit trail and deletes the organization. */
async function finish(context: ServiceContext, { organizationId }: ToErase): Promise<void> {
  await context.services.jobs.discardOf(organizationId);
  await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const lock = { mode: 'pessimistic_write' } as const;
    const organization = await manager.findOne(OrganizationEntity, { where: { id: organizationId }, lock });
    if (!organization?.closedAt) return;
    const isKept = (table: string) => table.startsWith('audit_');
    await eraseRows(manager, { schema: 'operations', organizationId, isKept });
    const target = { type: 'Organization', id: organizationId };
    await audit(transaction, { organizationId, action: 'organization.erased', target });
    await manager.delete(OrganizationEntity, { id: organizationId });
    await pseudonymizeAudit(manager, organizationId);
  });
}

async function advance(
  context: ServiceContext,
  { id: organizationId, closedAt }: Pick<Organization, 'id' | 'closedAt'>,
): Promise<void> {
  const { services } = context;
  if (!closedAt) return closeOrganization(context, { organizationId });
  const closedForMs = services.now().getTime() - closedAt.getTime();
  if (closedForMs < SETTLE_MS) return;
  if (await orderErasure(context, { organizationId })) return finish(context, { organizationId });
  if (closedForMs < PATIENCE_MS) return;
  const message = 'An organization could not be erased within a day: look at its jobs "erase-organization" at /jobs.';
  services.alerts.raise({
    category: 'job',
    key: 'erase-organization',
    runbook: 'organization-not-erased',
    message,
    organizationId,
  });
}

/** Has billing follow the deletions that are not due yet, each once: its job may not have been queued when they were requested. */
async function followDeletions({ services, manager }: ServiceContext): Promise<void> {
  const where = { deletionAt: MoreThan(services.now()), closedAt: IsNull() };
  for (const { id: organizationId, deletionAt } of await manager.find(OrganizationEntity, { where })) {
    await followDeletionSoon(services, { organizationId, deletionAt });
  }
}

/**
 * Takes every due organization one step further: closed, erased from the subgraphs, deleted. Steps are atomic and
 * repeatable. Throws the last failure once all had their turn.
 */
export async function eraseOrganizations(context: ServiceContext): Promise<void> {
  const { services, manager, identity } = context;
  const due = await manager
    .createQueryBuilder(OrganizationEntity, 'organization')
    .where('organization.deletionAt <= :now', { now: services.now() })
    .orderBy('organization.deletionAt')
    .getMany();
  await followDeletions(context);
  let failure: unknown;
  for (const organization of due) {
    const ofOrganization = { ...context, identity: { ...identity, organizationId: organization.id } };
    await advance(ofOrganization, organization).catch((error: unknown) => {
      failure = error;
    });
  }
  if (failure) throw failure;
}

/** Carries out the deletion of organizations, step by step. */
export function eraseOrganizationsJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'auth.erase-organizations',
    schedule: '5 minutes',
    run: () => eraseOrganizations(jobContext(dependencies)),
  };
}
