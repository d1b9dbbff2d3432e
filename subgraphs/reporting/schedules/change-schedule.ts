import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import type { Comparison } from '#reporting/entities/report.js';
import type { ReportDelivery } from '#reporting/entities/report-delivery.js';
import { ReportDeliveryEntity } from '#reporting/entities/report-delivery.js';
import type { ReportRecipient } from '#reporting/entities/report-recipient.js';
import { type PauseReason, type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { enqueueReport, prepareReport, storeReport } from '#reporting/making/order-report.js';
import { planPauses } from '#reporting/plan/schedules-in-use.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, InvalidInput, NotFound } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { checkOrder, orderOf } from './create-schedule.js';
import { getSchedule } from './list-schedules.js';
import { mayOwn, type OrganizationNow, readOrganization } from './organization.js';
import { addRecipients, listRecipients } from './recipients.js';
import { recordRuns } from './record-runs.js';
import { nextRun } from './recurrence.js';
import {
  auditedSchedule,
  type RecurrenceInput,
  recipientInput,
  recurrenceOf,
  scheduleInput,
} from './schedule-input.js';

/** Runs `effect` on a schedule of the caller's organization in a transaction that has locked it. Throws NotFound. */
async function change<Result>(
  { database, identity }: ServiceContext,
  scheduleId: string,
  effect: (manager: EntityManager, schedule: ReportSchedule) => Promise<Result>,
): Promise<Result> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(scheduleId)) throw new NotFound('report schedule');
  return database.transaction(async (manager) => {
    const where = { id: scheduleId, organizationId };
    const schedule = await manager.findOne(ReportScheduleEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!schedule) throw new NotFound('report schedule');
    return effect(manager, schedule);
  });
}

async function save(
  { services, identity }: ServiceContext,
  manager: EntityManager,
  { schedule, changes, action }: { schedule: ReportSchedule; changes: Partial<ReportSchedule>; action: string },
): Promise<ReportSchedule> {
  const { id, organizationId, version } = schedule;
  const changed = { ...schedule, ...changes, version: version + 1, updatedAt: services.now() };
  await manager.update(ReportScheduleEntity, { id, organizationId }, changed);
  await recordAudit(manager, identity, {
    organizationId,
    action,
    target: { type: 'ReportSchedule', id },
    before: auditedSchedule(schedule),
    after: auditedSchedule(changed),
  });
  return changed;
}

export interface UpdateScheduleInput {
  scheduleId: string;
  version: number;
  name?: string | null;
  templateId?: string | null;
  recurrence?: RecurrenceInput | null;
  period?: string | null;
  compareTo?: Comparison | null;
  clientIds?: string[] | null;
  currency?: string | null;
  language?: string | null;
  formats?: string[] | null;
  deliveryMethod?: ReportSchedule['deliveryMethod'] | null;
  onIncomplete?: ReportSchedule['onIncomplete'] | null;
  isReviewed?: boolean | null;
  ownerId?: string | null;
}

/** Throws Forbidden for a caller who may not name another owner, NotFound for no member, and InvalidInput for one who cannot own a schedule. */
function checkOwner(
  { identity }: ServiceContext,
  schedule: ReportSchedule,
  organization: OrganizationNow,
  ownerId: string,
) {
  if (ownerId === schedule.ownerId) return;
  if (identity.userId !== schedule.ownerId && !hasRole(identity, 'ADMIN')) {
    throw new Forbidden('It takes the owner of the schedule, or the role ADMIN, to name another owner.');
  }
  const member = organization.members.get(ownerId);
  if (!member) throw new NotFound('user');
  if (mayOwn(member)) return;
  const problem = 'must be a member with at least the role ANALYST, who is not limited to clients';
  throw new InvalidInput([{ argument: 'ownerId', problem }]);
}

/** Changes what is given of a schedule. Throws InvalidInput, NotFound, Forbidden, and Conflict when it was changed since `version`. */
export async function updateSchedule(
  context: ServiceContext,
  { scheduleId, version, ...given }: UpdateScheduleInput,
): Promise<ReportSchedule> {
  const before = await getSchedule(context, { scheduleId });
  const recurrence = given.recurrence ? recurrenceOf(given.recurrence) : before.recurrence;
  const { name, formats, clientIds, language } = parseInput(scheduleInput, given);
  const ownerId = given.ownerId?.toLowerCase() ?? before.ownerId;
  const kept = <Value>(value: Value | undefined, current: Value): Value => (value === undefined ? current : value);
  const wanted = {
    name: name ?? before.name,
    templateId: given.templateId ?? before.templateId,
    recurrence,
    period: given.period ?? before.period,
    compareTo: kept(given.compareTo, before.compareTo),
    clientIds: clientIds === undefined ? before.clientIds : (clientIds ?? []),
    currency: kept(given.currency, before.currency),
    language: kept(language, before.language),
    formats: formats ?? before.formats,
    deliveryMethod: given.deliveryMethod ?? before.deliveryMethod,
    onIncomplete: given.onIncomplete ?? before.onIncomplete,
    isReviewed: given.isReviewed ?? before.isReviewed,
    ownerId,
  };
  const organization = await readOrganization(context, before.organizationId);
  if (ownerId) checkOwner(context, before, organization, ownerId);
  await checkOrder(context, { ...before, ...wanted });
  return change(context, scheduleId, async (manager, schedule) => {
    if (schedule.version !== version) {
      throw new Conflict('This schedule was changed meanwhile: read it again, and decide on what it is now.');
    }
    const { timeZone } = organization;
    const now = context.services.now();
    // A run that is due and not ordered yet stays due.
    const isMoved = JSON.stringify(recurrence) !== JSON.stringify(schedule.recurrence);
    const nextRunAt = schedule.nextRunAt && isMoved ? nextRun(recurrence, timeZone, now) : schedule.nextRunAt;
    const changes = { ...wanted, ...(isMoved && { timeZone }), nextRunAt };
    return save(context, manager, { schedule, changes, action: 'report-schedule.updated' });
  });
}

/** Pauses a schedule. Idempotent. Throws NotFound. */
export async function pauseSchedule(
  context: ServiceContext,
  { scheduleId }: { scheduleId: string },
): Promise<ReportSchedule> {
  return change(context, scheduleId, async (manager, schedule) => {
    if (schedule.pauseReason) return schedule;
    const changes = { pauseReason: 'REQUESTED' as const, nextRunAt: null };
    return save(context, manager, { schedule, changes, action: 'report-schedule.paused' });
  });
}

const REMEDIES: Record<PauseReason, string> = {
  REQUESTED: '',
  OWNER_LEFT: 'Its owner cannot own schedules any more: set another (updateReportSchedule).',
  TEMPLATE_DELETED: 'Its template was deleted: set another (updateReportSchedule).',
  CLIENT_DELETED: 'One of its clients was deleted: set others (updateReportSchedule).',
};

/** Throws LimitReached for a schedule that is more than the plan allows. */
async function requirePlanned(context: ServiceContext, { id, organizationId }: ReportSchedule): Promise<void> {
  const refusal = (await planPauses(context, { organizationId })).of(id);
  if (refusal) throw refusal;
}

async function requireRunnable(
  context: ServiceContext,
  schedule: ReportSchedule,
  { members }: OrganizationNow,
): Promise<void> {
  const { ownerId } = schedule;
  if (ownerId && !mayOwn(members.get(ownerId))) throw new Conflict(REMEDIES.OWNER_LEFT);
  await checkOrder(context, schedule).catch((error) => {
    if (!(error instanceof NotFound)) throw error;
    const reason = /template/.test(error.message) ? 'TEMPLATE_DELETED' : 'CLIENT_DELETED';
    throw new Conflict(REMEDIES[reason], { cause: error });
  });
}

/** Resumes a schedule: its next run is later than now. Idempotent. Throws NotFound, Conflict while it cannot run, and LimitReached. */
export async function resumeSchedule(
  context: ServiceContext,
  { scheduleId }: { scheduleId: string },
): Promise<ReportSchedule> {
  const found = await getSchedule(context, { scheduleId });
  await requirePlanned(context, found);
  if (!found.pauseReason) return found;
  const organization = await readOrganization(context, found.organizationId);
  await requireRunnable(context, found, organization);
  return change(context, scheduleId, async (manager, schedule) => {
    if (!schedule.pauseReason) return schedule;
    const { timeZone } = organization;
    const nextRunAt = nextRun(schedule.recurrence, timeZone, context.services.now());
    const changes = { pauseReason: null, timeZone, nextRunAt };
    return save(context, manager, { schedule, changes, action: 'report-schedule.resumed' });
  });
}

/** Deletes a schedule with its deliveries. Throws NotFound. */
export async function deleteSchedule(context: ServiceContext, { scheduleId }: { scheduleId: string }): Promise<string> {
  return change(context, scheduleId, async (manager, schedule) => {
    const { id, organizationId } = schedule;
    await manager.delete(ReportScheduleEntity, { id, organizationId });
    await manager.query(
      // Addresses without a schedule are kept only for what they declined.
      `DELETE FROM reporting.report_recipient AS r WHERE organization_id = $1 AND state = 'PENDING'
       AND NOT EXISTS (SELECT FROM reporting.report_schedule_recipient WHERE recipient_id = r.id)`,
      [organizationId],
    );
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'report-schedule.deleted',
      target: { type: 'ReportSchedule', id },
      before: auditedSchedule(schedule),
    });
    return id;
  });
}

/** Orders a report besides the runs; returns the delivery of one that is being made. Throws NotFound, Conflict when it cannot run, and LimitReached. */
export async function runScheduleNow(
  context: ServiceContext,
  { scheduleId }: { scheduleId: string },
): Promise<ReportDelivery> {
  const { services, identity } = context;
  const found = await getSchedule(context, { scheduleId });
  await requirePlanned(context, found);
  await requireRunnable(context, found, await readOrganization(context, found.organizationId));
  const prepared = await prepareReport(context, orderOf(found));
  const { delivery, isNew } = await change(context, scheduleId, async (manager, { id, organizationId, version }) => {
    const making = await manager.findOneBy(ReportDeliveryEntity, { scheduleId: id, isExtra: true, state: 'MAKING' });
    if (making) return { delivery: making, isNew: false };
    if (version !== found.version) throw new Conflict('This schedule was changed meanwhile: try again.');
    const { report } = await storeReport(context, manager, { prepared, orderer: { scheduleId: id } });
    const now = services.now();
    const ordered = await manager.save(ReportDeliveryEntity, {
      ...{ organizationId, scheduleId: id, dueAt: now, isExtra: true, state: 'MAKING' as const, reportId: report.id },
      ...{ reason: null, isLinkedForSize: false, decidedAt: null, decidedBy: null, sentAt: null, createdAt: now },
    });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-schedule.run',
      target: { type: 'ReportSchedule', id },
      after: { deliveryId: ordered.id, reportId: report.id },
    });
    return { delivery: ordered, isNew: true };
  });
  if (isNew && delivery.reportId) await enqueueReport(context, { id: delivery.reportId });
  return delivery;
}

/** Skips the next run, which must be `dueAt` if that is given. Throws NotFound, and Conflict for another run or without one. */
export async function skipNextRun(
  context: ServiceContext,
  { scheduleId, dueAt }: { scheduleId: string; dueAt?: Date | null },
): Promise<ReportSchedule> {
  return change(context, scheduleId, async (manager, schedule) => {
    const { id, organizationId, recurrence, timeZone, nextRunAt } = schedule;
    const isPaused = (await planPauses(context, { organizationId })).of(id) !== null;
    if (!nextRunAt || isPaused) throw new Conflict('This schedule is paused: it has no next run.');
    if (dueAt && dueAt.getTime() !== nextRunAt.getTime()) {
      throw new Conflict(`The next run is due ${nextRunAt.toISOString()}.`);
    }
    await recordRuns(manager, { schedule, runs: [nextRunAt], state: 'SKIPPED', now: context.services.now() });
    const changes = { nextRunAt: nextRun(recurrence, timeZone, nextRunAt) };
    return save(context, manager, { schedule, changes, action: 'report-schedule.skipped' });
  });
}

/** Adds a recipient to a schedule. Throws InvalidInput, NotFound, Conflict, RateLimited. */
export async function addReportRecipient(
  context: ServiceContext,
  { scheduleId, ...given }: { scheduleId: string; email: string },
): Promise<ReportRecipient> {
  const { email } = parseInput(recipientInput, given);
  const { organizationId } = await getSchedule(context, { scheduleId });
  const organization = await readOrganization(context, organizationId);
  const recipient = await change(context, scheduleId, async (manager, schedule) => {
    const [added] = await addRecipients(context, manager, { schedule, organization, emails: [email] });
    if (!added) throw new NotFound('recipient');
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'report-recipient.added',
      target: { type: 'ReportSchedule', id: schedule.id },
      after: { email: added.email },
    });
    return added;
  });
  await deliverSoon(context.services);
  return recipient;
}

/** Removes a recipient from a schedule. Throws NotFound, and Conflict for the last one. */
export async function removeReportRecipient(
  context: ServiceContext,
  { scheduleId, recipientId }: { scheduleId: string; recipientId: string },
): Promise<ReportSchedule> {
  return change(context, scheduleId, async (manager, schedule) => {
    const recipients = await listRecipients(manager, { scheduleId: schedule.id });
    const removed = recipients.find(({ id }) => id === recipientId.toLowerCase());
    if (!removed) throw new NotFound('recipient');
    if (recipients.length === 1) throw new Conflict('A schedule has at least one recipient: delete it, or pause it.');
    await manager.query(
      'DELETE FROM reporting.report_schedule_recipient WHERE schedule_id = $1 AND recipient_id = $2',
      [schedule.id, removed.id],
    );
    await recordAudit(manager, context.identity, {
      organizationId: schedule.organizationId,
      action: 'report-recipient.removed',
      target: { type: 'ReportSchedule', id: schedule.id },
      before: { email: removed.email },
    });
    return schedule;
  });
}
