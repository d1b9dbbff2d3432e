import type { DataSource } from 'typeorm';
import type { Report } from '#reporting/entities/report.js';
import { ReportRowEntity } from '#reporting/entities/report-row.js';
import { updateClaimed } from './claim-report.js';

const ROWS_PER_INSERT = 1_000;

// What PostgreSQL cannot keep: zero characters and halves of surrogate pairs, as careless clients of providers leave them.
const NOT_STORABLE = /[\0\ud800-\udfff]/gu;

const storable = (cell: string) => cell.replace(NOT_STORABLE, '\ufffd');

/** Makes a claimed report READY with these rows: all of it or nothing. Throws ClaimLost when it is someone else's now. */
export async function publishReport(database: DataSource, report: Report, rows: string[][], now: Date): Promise<void> {
  await database.transaction(async (manager) => {
    // First, because it locks the report: nobody can claim it while its rows are written.
    await updateClaimed(manager, report, { status: 'READY', progress: 100, rowCount: rows.length, finishedAt: now });
    await manager.delete(ReportRowEntity, { reportId: report.id });
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      const batch = rows.slice(start, start + ROWS_PER_INSERT);
      await manager.insert(
        ReportRowEntity,
        batch.map((cells, index) => ({ reportId: report.id, position: start + index, cells: cells.map(storable) })),
      );
    }
  });
}
