import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import type { Comparison } from '#reporting/entities/report.js';
import { type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { type Order, prepareReport } from '#reporting/making/order-report.js';
import { countSchedules } from '#reporting/plan/schedules-in-use.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { Conflict, Forbidden, NotFound } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { findMissingClients, readOrganization } from './organization.js';
import { addRecipients } from './recipients.js';
import { nextRun } from './recurrence.js';
import {
  auditedSchedule,
  type RecurrenceInput,
  recipientsInput,
  recurrenceOf,
  scheduleInput,
} from './schedule-input.js';

const MAX_SCHEDULES = 500;

/** What is ordered at each run of a schedule. An account that cannot be read is left out: `onIncomplete` decides what follows. */
export function orderOf(schedule: Omit<ReportSchedule, 'id' | 'name'>): Order {
  const { organizationId, templateId, period, compareTo, clientIds, currency, language } = schedule;
  const onUnavailable = 'LEAVE_OUT' as const;
  return { organizationId, templateId, period, compareTo, clientIds, currency, language, onUnavailable };
}

/** Throws what ordering a report of a schedule would, and NotFound for a client that is not there. Returns the name of its template. */
export async function checkOrder(
  context: ServiceContext,
  schedule: Omit<ReportSchedule, 'id' | 'name'>,
): Promise<string> {
  const { templateName } = await prepareReport(context, orderOf(schedule));
  const { organizationId, clientIds } = schedule;
  const missing = await findMissingClients(context, { organizationId, clientIds });
  if (missing.length > 0) throw new NotFound('client');
  return templateName;
}

export interface CreateScheduleInput {
  name?: string | null;
  templateId: string;
  recurrence: RecurrenceInput;
  recipients: string[];
  period: string;
  compareTo?: Comparison | null;
  clientIds?: string[] | null;
  currency?: string | null;
  language?: string | null;
  formats: string[];
  deliveryMethod: ReportSchedule['deliveryMethod'];
  onIncomplete: ReportSchedule['onIncomplete'];
  isReviewed: boolean;
}

async function requireRoom(
  { services }: ServiceContext,
  manager: EntityManager,
  organizationId: string,
): Promise<void> {
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('report-schedules ' || $1, 0))", [organizationId]);
  await requireWithinLimit(manager, services, {
    organizationId,
    limit: 'SCHEDULES',
    count: () => countSchedules(manager, { organizationId }),
  });
  if ((await manager.countBy(ReportScheduleEntity, { organizationId })) < MAX_SCHEDULES) return;
  throw new Conflict(`There are ${MAX_SCHEDULES} schedules already: delete one first.`);
}

/** Creates a schedule of the caller. Throws InvalidInput, NotFound for its template or a client, Conflict, LimitReached, RateLimited. */
export async function createSchedule(context: ServiceContext, given: CreateScheduleInput): Promise<ReportSchedule> {
  const { database, identity, services } = context;
  const { organizationId, userId, apiKeyId } = identity;
  if (!organizationId || !(userId || apiKeyId)) throw new Forbidden('Only a person or an API key has schedules.');
  const recurrence = recurrenceOf(given.recurrence);
  const { recipients: emails } = parseInput(recipientsInput, given);
  const { name, formats, clientIds, language } = parseInput(scheduleInput, given);
  const organization = await readOrganization(context, organizationId);
  const now = services.now();
  const { timeZone } = organization;
  const { templateId, period, compareTo = null, deliveryMethod, onIncomplete, isReviewed } = given;
  const draft = {
    organizationId,
    templateId,
    recurrence,
    timeZone,
    period,
    compareTo,
    clientIds: clientIds ?? [],
    currency: given.currency ?? null,
    language: language ?? null,
    formats: formats ?? ['pdf' as const],
    deliveryMethod,
    onIncomplete,
    isReviewed,
    ownerId: userId ?? null,
    pauseReason: null,
    nextRunAt: nextRun(recurrence, timeZone, now),
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const templateName = await checkOrder(context, draft);
  const schedule = await database.transaction(async (manager) => {
    await requireRoom(context, manager, organizationId);
    const saved = await manager.save(ReportScheduleEntity, { ...draft, name: name ?? templateName });
    const recipients = await addRecipients(context, manager, { schedule: saved, organization, emails });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-schedule.created',
      target: { type: 'ReportSchedule', id: saved.id },
      after: { ...auditedSchedule(saved), recipients: recipients.map(({ email }) => email) },
    });
    return saved;
  });
  await deliverSoon(services);
  return schedule;
}
