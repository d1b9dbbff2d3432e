import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { languageFor } from '#reporting/branding/presentation.js';
import type { ServiceContext } from '#reporting/context.js';
import { languages } from '#reporting/dataset/dataset.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { countReport, countReportsOfMonth, isBeyondPlan } from '#reporting/plan/report-orders.js';
import { findTemplates } from '#reporting/templates/report-template.js';
import { textsOf } from '#reporting/texts/texts.js';
import { isRowId, isUniqueViolation } from '#runtime/database/database.js';
import { storableText } from '#runtime/database/storable-text.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { AppError, NotFound } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { type OrderedDays, resolveDays } from './resolve-days.js';

const MAX_DAYS = 800;
const MAX_CLIENTS = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

// No provider has older figures, and PostgreSQL has no year 0.
const FIRST_DAY = '2000-01-01';

const countDays = ({ start, end }: { start: string; end: string }) =>
  (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;

const range = z
  .object({ start: z.string(), end: z.string() })
  .refine(({ start }) => start >= FIRST_DAY, `must not start before ${FIRST_DAY}`)
  .refine((days) => countDays(days) >= 1, 'must not end before it starts')
  .refine((days) => countDays(days) <= MAX_DAYS, `must have at most ${MAX_DAYS} days`)
  .nullish();

const input = (tomorrow: string) =>
  z
    .object({
      period: z.string().nullish(),
      // Ahead of UTC it may be tomorrow already.
      range: range.refine((days) => !days || days.start <= tomorrow, 'must not start in the future'),
      compareTo: z.enum(['PREVIOUS_PERIOD', 'PREVIOUS_YEAR']).nullish(),
      compareRange: range,
      clientIds: z
        .array(z.string())
        .nullish()
        .transform((ids) => [...new Set(ids?.map((id) => id.toLowerCase()))])
        .refine((ids) => ids.length <= MAX_CLIENTS, `must name at most ${MAX_CLIENTS} clients`),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code like EUR')
        .nullish(),
      language: z.enum(languages, `must be one of ${languages.join(', ')}`).nullish(),
      onUnavailable: z
        .enum(['FAIL', 'LEAVE_OUT'])
        .nullish()
        .transform((value) => value ?? 'FAIL'),
      idempotencyKey: storableText
        .refine((key) => key.length > 0, 'must not be empty')
        .refine((key) => key.length <= 255, 'must have at most 255 characters')
        .nullish(),
    })
    .refine(({ period, range }) => !(period && range), {
      path: ['period'],
      message: 'and "range" must not be given both',
    })
    .refine(({ compareTo, compareRange }) => !(compareTo && compareRange), {
      path: ['compareTo'],
      message: 'and "compareRange" must not be given both',
    });

/** What is ordered; what is left out has the default of the API. */
export interface Order extends OrderedDays {
  organizationId: string;
  templateId: string;
  clientIds?: string[] | null;
  currency?: string | null;
  language?: string | null;
  onUnavailable?: Report['onUnavailable'] | null;
  /** Of the orderer: the same key orders one report. */
  idempotencyKey?: string | null;
}

/** Who orders a report: one of them is given. */
export type Orderer = Partial<Pick<Report, 'createdBy' | 'orderedByKey' | 'scheduleId'>>;

/** A report that is not stored yet. */
export type PreparedReport = Omit<Report, 'id' | 'createdBy' | 'orderedByKey' | 'scheduleId'>;

/**
 * Returns a report that can be stored: with the days and the time zone the graph has now, and the definition its template has now. Throws
 * InvalidInput, NotFound for an unknown template or client id, LIMIT_REACHED for days that the plan does not include, and ServiceUnavailable while the graph does not answer.
 */
export async function prepareReport(context: ServiceContext, order: Order): Promise<PreparedReport> {
  const { services, database } = context;
  const { organizationId, templateId } = order;
  const templates = await findTemplates(database.manager, { organizationId, ids: [templateId] });
  const template = templates.get(templateId);
  if (!template || template.archivedAt) throw new NotFound('report template');
  const now = services.now();
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  const { idempotencyKey, ...given } = parseInput(input(tomorrow), order);
  const { clientIds, period = null, onUnavailable, currency = null, language } = given;
  if (!clientIds.every(isRowId)) throw new NotFound('client');
  const { range, compareRange } = given;
  const days = await resolveDays(context, { organizationId, period, range, compareTo: given.compareTo, compareRange });
  await requireIncludedDays(services, { organizationId, days: [days.range, days.compared] });
  const spoken = await languageFor(context, { organizationId, clientIds, language });
  return {
    organizationId,
    templateId: template.id,
    templateName: template.name,
    templateVersion: template.version,
    definition: template.definition,
    title: textsOf(spoken).reportTitle(template, days.range),
    period: period ?? null,
    rangeStart: days.range.start,
    rangeEnd: days.range.end,
    compareTo: days.compareTo,
    comparedStart: days.compared?.start ?? null,
    comparedEnd: days.compared?.end ?? null,
    currency: currency ?? null,
    language: spoken,
    timeZone: days.timeZone,
    clientIds,
    onUnavailable,
    unavailableAccounts: [],
    orderKey: idempotencyKey ?? null,
    orderHash: idempotencyKey
      ? createHash('sha256')
          .update(JSON.stringify([templateId, given]))
          .digest('hex')
      : null,
    status: 'QUEUED',
    progress: 0,
    step: null,
    stepSection: null,
    waitingCode: null,
    waitingMessage: null,
    waitingSince: null,
    retryAt: null,
    waits: 0,
    failureCode: null,
    failureMessage: null,
    sources: [],
    rowCount: null,
    attempts: 0,
    queuedAt: now,
    claimedAt: null,
    createdAt: now,
    finishedAt: null,
  };
}

/** Returns the report that was ordered with the same key. Throws IDEMPOTENCY_KEY_REUSED when it was another order. */
async function orderedBefore(
  manager: EntityManager,
  { organizationId, orderKey, orderHash }: PreparedReport,
  { createdBy, orderedByKey }: Orderer,
): Promise<Report | null> {
  if (!orderKey) return null;
  const orderer = createdBy ? { createdBy } : { orderedByKey: orderedByKey ?? undefined };
  const before = await manager.findOneBy(ReportEntity, { organizationId, orderKey, ...orderer });
  if (before && before.orderHash !== orderHash) {
    throw new AppError('This idempotencyKey was used for another order.', 'IDEMPOTENCY_KEY_REUSED');
  }
  return before;
}

/** Throws LimitReached unless the organization's plan includes one more report this month; counts it. Call it once in a transaction. */
export async function countOrder(
  { services }: Pick<ServiceContext, 'services'>,
  manager: EntityManager,
  report: Pick<Report, 'id' | 'organizationId'>,
): Promise<void> {
  const { organizationId } = report;
  const now = services.now();
  await requireWithinLimit(manager, services, {
    organizationId,
    limit: 'REPORTS_PER_MONTH',
    count: () => countReportsOfMonth(manager, { organizationId, now }),
  });
  const isBeyond = await isBeyondPlan(manager, services, { organizationId, now });
  await countReport(manager, report, { orderedAt: now, isBeyond });
}

/**
 * Stores a prepared report as QUEUED, in a transaction; `isNew` is false where its idempotency key has ordered it before. Throws
 * LimitReached.
 */
export async function storeReport(
  context: Pick<ServiceContext, 'services'>,
  manager: EntityManager,
  { prepared, orderer }: { prepared: PreparedReport; orderer: Orderer },
): Promise<{ report: Report; isNew: boolean }> {
  const before = await orderedBefore(manager, prepared, orderer);
  if (before) return { report: before, isNew: false };
  const { createdBy = null, orderedByKey = null, scheduleId = null } = orderer;
  const report = await manager.save(ReportEntity, { ...prepared, createdBy, orderedByKey, scheduleId });
  await countOrder(context, manager, report);
  return { report, isNew: true };
}

/** Enqueues the job of a stored report, after the commit. Never throws: `reporting.requeue-reports` enqueues what was lost. */
export async function enqueueReport(
  { services }: Pick<ServiceContext, 'services'>,
  { id }: Pick<Report, 'id'>,
): Promise<void> {
  await services.jobs.enqueue('reporting.run-report', { key: id, reportId: id }).catch((error) => {
    services.logger.warn({ err: error, reportId: id }, 'Report not enqueued yet');
  });
}

/**
 * Orders a report for a person, a key or a schedule: prepares it, stores it in a transaction together with what `within` does, and
 * enqueues its job. Throws as `prepareReport`, LimitReached, and IDEMPOTENCY_KEY_REUSED.
 */
export async function orderReport(
  context: ServiceContext,
  {
    order,
    orderer,
    within,
  }: {
    order: Order;
    orderer: Orderer;
    /** Runs in the transaction that stores a new report. */
    within?: (manager: EntityManager, report: Report) => Promise<void>;
  },
): Promise<Report> {
  const prepared = await prepareReport(context, order);
  const store = () =>
    context.database.transaction(async (manager) => {
      const stored = await storeReport(context, manager, { prepared, orderer });
      if (stored.isNew) await within?.(manager, stored.report);
      return stored;
    });
  const { report, isNew } = await store().catch((error) => {
    // The same key at the same time: the other one has stored it.
    if (prepared.orderKey && isUniqueViolation(error)) return store();
    throw error;
  });
  if (isNew) await enqueueReport(context, report);
  return report;
}
