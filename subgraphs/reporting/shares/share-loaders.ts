import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import { type DataSource, In } from 'typeorm';
import type { Report } from '#reporting/entities/report.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { isRowId } from '#runtime/database/database.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Loads the share links of the caller's organization whose reports the caller sees; any other is null. */
export function shareById(
  { database, identity }: { database: DataSource; identity: Identity },
  reportById: DataLoader<string, Report | null>,
): DataLoader<string, ReportShare | null> {
  const { organizationId } = identity;
  return new DataLoader(async (ids) => {
    const rowIds = ids.filter(isRowId);
    if (!organizationId || rowIds.length === 0) return ids.map(() => null);
    const shares = await database.manager.findBy(ReportShareEntity, { organizationId, id: In(rowIds) });
    const reports = await Promise.all(shares.map(({ reportId }) => reportById.load(reportId)));
    const known = new Map(shares.filter((_share, index) => reports[index]).map((share) => [share.id, share]));
    return ids.map((id) => known.get(id.toLowerCase()) ?? null);
  });
}

/** Loads the share links of reports the caller sees, the newest first. */
export function sharesByReport(database: DataSource): DataLoader<string, ReportShare[]> {
  return new DataLoader(async (reportIds) => {
    const where = { reportId: In([...reportIds]) };
    const shares = await database.manager.find(ReportShareEntity, { where, order: { createdAt: 'DESC', id: 'DESC' } });
    const byReport = groupBy(shares, ({ reportId }) => reportId);
    return reportIds.map((id) => byReport[id] ?? []);
  });
}
