import { type DataSource, In } from 'typeorm';
import { ReportEntity } from '#reporting/entities/report.js';
import type { Services } from '#runtime/services.js';

/** Takes the reports of an organization that are still to be made out of the queue. */
export async function stopReports({ jobs }: Services, database: DataSource, organizationId: string): Promise<void> {
  const where = { organizationId, status: In(['QUEUED', 'RUNNING'] as const) };
  const unfinished = await database.manager.find(ReportEntity, { where, select: { id: true } });
  for (const { id } of unfinished) await jobs.cancel('reporting.run-report', id);
}
