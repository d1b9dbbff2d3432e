import type { ServiceContext } from '#reporting/context.js';
import { type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { enqueueReport, type PreparedReport, prepareReport, storeReport } from '#reporting/making/order-report.js';
import { planPauses } from '#reporting/plan/schedules-in-use.js';
import { AppError, NotFound } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { notifyCaretakers } from './caretakers.js';
import { orderOf } from './create-schedule.js';
import { failedMail } from './mails.js';
import type { OrganizationNow } from './organization.js';
import { recordRuns } from './record-runs.js';
import { nextRun, runsAfter } from './recurrence.js';
import { reviewSchedules } from './review-schedules.js';

/** The most missed runs of a schedule that are recorded, the newest: a month of hourly ones. */
const MAX_MISSED = 744;

/** Returns the runs from the next one of a schedule up to now, in order. */
function dueRuns({ recurrence, timeZone, nextRunAt }: ReportSchedule, now: Date): Date[] {
  if (!nextRunAt || nextRunAt > now) return [];
  const due = [nextRunAt];
  for (const run of runsAfter(recurrence, timeZone, nextRunAt)) {
    if (run > now) break;
    due.push(run);
    if (due.length > MAX_MISSED + 1) due.shift();
  }
  return due;
}

/** Codes of an order that is refused as it is. */
const REFUSALS = new Set(['BAD_USER_INPUT', 'LIMIT_REACHED']);

/** What is ordered at a run; a message where it cannot be. */
async function prepare(context: ServiceContext, schedule: ReportSchedule): Promise<PreparedReport | string> {
  try {
    return await prepareReport(context, orderOf(schedule));
  } catch (error) {
    // The order itself is refused; anything else is tried again in a minute.
    if (error instanceof NotFound || (error instanceof AppError && REFUSALS.has(error.code))) return error.message;
    throw error;
  }
}

/**
 * Orders the report of the latest due run of a schedule, and records those before it as MISSED, in the transaction that advances the
 * schedule: once, however many workers do so, and whenever one dies.
 */
async function runSchedule(
  context: ServiceContext,
  { found, organization }: { found: ReportSchedule; organization: OrganizationNow },
): Promise<void> {
  const prepared = await prepare(context, found);
  await orderRun(context, { found, organization, prepared }).catch((error) => {
    // The plan includes no more reports this month.
    if (!(error instanceof AppError && error.code === 'LIMIT_REACHED')) throw error;
    return orderRun(context, { found, organization, prepared: error.message });
  });
}

async function orderRun(
  context: ServiceContext,
  {
    found,
    organization,
    prepared,
  }: { found: ReportSchedule; organization: OrganizationNow; prepared: PreparedReport | string },
): Promise<void> {
  const { database, services } = context;
  const { id, organizationId, name } = found;
  const reportId = await database.transaction(async (manager) => {
    const where = { id, organizationId, version: found.version };
    const schedule = await manager.findOne(ReportScheduleEntity, { where, lock: { mode: 'pessimistic_write' } });
    const now = services.now();
    const due = schedule ? dueRuns(schedule, now) : [];
    const latest = due.pop();
    if (!schedule || !latest) return null;
    const nextRunAt = nextRun(schedule.recurrence, schedule.timeZone, latest);
    await manager.update(ReportScheduleEntity, { id, organizationId }, { nextRunAt });
    if (due.length > 0) await recordRuns(manager, { schedule, runs: due, state: 'MISSED', now });
    if (typeof prepared === 'string') {
      await recordRuns(manager, { schedule, runs: [latest], state: 'FAILED', reason: prepared, now });
      await notifyCaretakers(manager, {
        schedule,
        organization,
        key: `failed ${id} ${latest.toISOString()}`,
        mail: (recipientName) =>
          failedMail({ name, organizationName: organization.name, recipientName, reason: prepared }),
      });
      return null;
    }
    const [deliveryId] = await recordRuns(manager, { schedule, runs: [latest], state: 'MAKING', now });
    // A run that was skipped before.
    if (!deliveryId) return null;
    const { report } = await storeReport(context, manager, { prepared, orderer: { scheduleId: id } });
    await manager.query('UPDATE reporting.report_delivery SET report_id = $2 WHERE id = $1', [deliveryId, report.id]);
    return report.id;
  });
  if (reportId) await enqueueReport(context, { id: reportId });
  if (typeof prepared === 'string') await deliverSoon(services);
}

const DUE = `SELECT id FROM reporting.report_schedule WHERE organization_id = $1 AND next_run_at <= $2 ORDER BY next_run_at`;

/** Advances a schedule that the plan pauses past the runs that are due: they are none. */
async function passRuns(
  { database, services }: ServiceContext,
  { id, organizationId }: Pick<ReportSchedule, 'id' | 'organizationId'>,
): Promise<void> {
  await database.transaction(async (manager) => {
    const where = { id, organizationId };
    const schedule = await manager.findOne(ReportScheduleEntity, { where, lock: { mode: 'pessimistic_write' } });
    const now = services.now();
    if (!schedule?.nextRunAt || schedule.nextRunAt > now) return;
    const nextRunAt = nextRun(schedule.recurrence, schedule.timeZone, now);
    await manager.update(ReportScheduleEntity, where, { nextRunAt });
  });
}

async function runOrganization(context: ServiceContext, organizationId: string): Promise<void> {
  const { database, services } = context;
  const pauses = await planPauses(context, { organizationId });
  const found = await database.query<{ id: string }[]>(DUE, [organizationId, services.now()]);
  for (const { id } of found) if (pauses.of(id)) await passRuns(context, { id, organizationId });
  if (found.every(({ id }) => pauses.of(id))) return;
  const organization = await reviewSchedules(context, { organizationId });
  if (!organization) return;
  const due = await database.query<{ id: string }[]>(DUE, [organizationId, services.now()]);
  const failures: unknown[] = [];
  for (const { id } of due) {
    const found = await database.manager.findOneBy(ReportScheduleEntity, { id, organizationId });
    if (found) await runSchedule(context, { found, organization }).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some report schedules could not be run');
}

/** Orders the reports of all schedules that are due. Safe to run concurrently; organizations that fail are tried again. */
export async function runDueSchedules(context: ServiceContext): Promise<void> {
  const { database, services } = context;
  const rows = await database.query<{ organizationId: string }[]>(
    `SELECT organization_id AS "organizationId" FROM reporting.report_schedule WHERE next_run_at <= $1
     GROUP BY organization_id ORDER BY min(next_run_at)`,
    [services.now()],
  );
  const failures: unknown[] = [];
  for (const { organizationId } of rows) {
    await runOrganization(context, organizationId).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some report schedules could not be run');
}
