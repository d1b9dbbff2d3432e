import type { ServiceContext } from '#reporting/context.js';
import type { Report, UnavailableAccount } from '#reporting/entities/report.js';
import { ReportRowEntity } from '#reporting/entities/report-row.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { updateClaimed } from './claim-report.js';
import { queueReportEvent } from './queue-report-event.js';

const ROWS_PER_INSERT = 1_000;

// PostgreSQL refuses zero characters and lone surrogates, which providers pass on.
const NOT_STORABLE = /[\0\ud800-\udfff]/gu;

const storable = (cell: string) => cell.replace(NOT_STORABLE, '\ufffd');

export interface PublishedRows {
  rows: string[][];
  /** Those it leaves out. */
  unavailableAccounts: UnavailableAccount[];
}

/** Stores the rows of a claimed report and makes it READY, in one transaction. Throws ClaimLost. */
export async function publishReport(
  { services, database }: ServiceContext,
  { report, rows, unavailableAccounts }: PublishedRows & { report: Report },
): Promise<void> {
  const finishedAt = services.now();
  await database.transaction(async (manager) => {
    // First, because it locks the report against another claim.
    await updateClaimed(
      { manager },
      {
        report,
        changes: { status: 'READY', progress: 100, rowCount: rows.length, unavailableAccounts, finishedAt },
      },
    );
    await manager.delete(ReportRowEntity, { reportId: report.id });
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      const batch = rows.slice(start, start + ROWS_PER_INSERT);
      await manager.insert(
        ReportRowEntity,
        batch.map((cells, index) => ({ reportId: report.id, position: start + index, cells: cells.map(storable) })),
      );
    }
    const counts = { rowCount: rows.length, unavailableAccountCount: unavailableAccounts.length };
    await queueReportEvent(manager, { type: 'report.ready', report, more: counts, occurredAt: finishedAt });
  });
  await deliverWebhooksSoon(services);
}
