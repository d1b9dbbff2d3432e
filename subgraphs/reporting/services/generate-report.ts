import { z } from 'zod';
import type { Context } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Forbidden, InvalidInput, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';

const MAX_DAYS = 366;
const MAX_CLIENTS = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

// No provider has older figures, and PostgreSQL has no year 0.
const FIRST_DAY = '2000-01-01';

const daysIn = ({ start, end }: { start: string; end: string }) => (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;

const input = z.object({
  onUnavailable: z.enum(['FAIL', 'LEAVE_OUT']),
  range: z
    .object({ start: z.string(), end: z.string() })
    .refine(({ start }) => start >= FIRST_DAY, `must not start before ${FIRST_DAY}`)
    .refine((range) => daysIn(range) >= 1, 'must not end before it starts')
    .refine((range) => daysIn(range) <= MAX_DAYS, `must have at most ${MAX_DAYS} days`),
  clientIds: z
    .array(z.string())
    .nullish()
    .transform((ids) => [...new Set(ids?.map((id) => id.toLowerCase()))])
    .refine((ids) => ids.length <= MAX_CLIENTS, `must name at most ${MAX_CLIENTS} clients`),
});

/** Throws Forbidden for a service. */
function ordererOf({ userId, apiKeyId, organizationId }: Identity) {
  if (!organizationId || !(userId || apiKeyId)) throw new Forbidden('Only a person or an API key can order a report.');
  return { createdBy: userId ?? null, orderedByKey: userId ? null : (apiKeyId ?? null), organizationId };
}

/**
 * Stores a report as QUEUED and enqueues its job. Throws InvalidInput, and NotFound for an unknown template or client
 * id.
 */
export async function generateReport(
  context: Context,
  { templateId, ...given }: { templateId: string } & z.input<typeof input>,
): Promise<Report> {
  const { services, database, identity, reportTemplateById } = context;
  const template = await reportTemplateById.load(templateId);
  if (!template) throw new NotFound('report template');
  const { range, clientIds, onUnavailable } = parseInput(input, given);
  if (!clientIds.every(isRowId)) throw new NotFound('client');
  const now = services.now();
  // Ahead of UTC it may be tomorrow already.
  if (range.start > new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10)) {
    throw new InvalidInput([{ argument: 'range', problem: 'must not start in the future' }]);
  }
  const report = await database.transaction(async (manager) => {
    const orderer = ordererOf(identity);
    const made = await manager.save(ReportEntity, {
      ...orderer,
      templateId: template.id,
      title: `${template.name}, ${range.start} to ${range.end}`,
      rangeStart: range.start,
      rangeEnd: range.end,
      clientIds,
      onUnavailable,
      unavailableAccounts: [],
      status: 'QUEUED',
      progress: 0,
      failureCode: null,
      failureMessage: null,
      rowCount: null,
      attempts: 0,
      queuedAt: now,
      claimedAt: null,
      createdAt: now,
      finishedAt: null,
    });
    await recordAudit(manager, identity, {
      organizationId: orderer.organizationId,
      action: 'report.ordered',
      target: { type: 'Report', id: made.id },
      after: { title: made.title, clientIds, onUnavailable },
    });
    return made;
  });
  await services.jobs.enqueue('reporting.run-report', { key: report.id, reportId: report.id }).catch((error) => {
    // `reporting.requeue-reports` enqueues it.
    services.logger.warn({ err: error, reportId: report.id }, 'Report not enqueued yet');
  });
  return report;
}
