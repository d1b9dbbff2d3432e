import { In } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { ReportEntity } from '#reporting/entities/report.js';

/** Removes the unfinished reports of an organization from the queue. */
export async function stopReports(
  { services, database }: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const where = { organizationId, status: In(['QUEUED', 'RUNNING', 'WAITING'] as const) };
  const unfinished = await database.manager.find(ReportEntity, { where, select: { id: true } });
  for (const { id } of unfinished) await services.jobs.cancel('reporting.run-report', id);
}
