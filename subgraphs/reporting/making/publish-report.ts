import type { ServiceContext } from '#reporting/context.js';
import type { Manifest, SectionSource } from '#reporting/dataset/dataset.js';
import { publishDataset } from '#reporting/dataset/store-dataset.js';
import type { Report, UnavailableAccount } from '#reporting/entities/report.js';
import { chargeReport } from '#reporting/plan/report-orders.js';
import { deliverFinishedSoon } from '#reporting/schedules/deliver-report-soon.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { updateClaimed } from './claim-report.js';
import { queueReportEvent } from './queue-report-event.js';

export interface PublishedReport {
  report: Report;
  manifest: Omit<Manifest, 'hash'>;
  sources: SectionSource[];
  /** Those it leaves out. */
  unavailableAccounts: UnavailableAccount[];
}

/** Makes a claimed report READY with the dataset that its worker has written, in one transaction. Throws ClaimLost. */
export async function publishReport(
  context: ServiceContext,
  { report, manifest, sources, unavailableAccounts }: PublishedReport,
): Promise<void> {
  const { services, database } = context;
  const finishedAt = services.now();
  const rowCount = manifest.sections.reduce((sum, section) => sum + section.rowCount, 0);
  await database.transaction(async (manager) => {
    const made = { status: 'READY', progress: 100, step: null, stepSection: null, waitingSince: null } as const;
    // First, because it locks the report against another claim.
    await updateClaimed(
      { manager },
      { report, changes: { ...made, rowCount, sources, unavailableAccounts, finishedAt } },
    );
    await publishDataset(manager, { report, manifest });
    await chargeReport(manager, report);
    const counts = { rowCount, unavailableAccountCount: unavailableAccounts.length };
    await queueReportEvent(manager, { type: 'report.ready', report, more: counts, occurredAt: finishedAt });
  });
  await deliverWebhooksSoon(services);
  await deliverFinishedSoon(context, report);
  services.logger.info({ reportId: report.id, rowCount }, 'Report made');
}
