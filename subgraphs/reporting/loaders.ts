import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { isRowId } from '#runtime/database/database.js';
import type { Identity } from '#runtime/identity/identity.js';
import { StoredDataset } from './dataset/open-dataset.js';
import { type Report, ReportEntity } from './entities/report.js';
import { ReportDatasetEntity } from './entities/report-dataset.js';
import { findTemplates, type ReportTemplate } from './templates/report-template.js';
import { areVisible } from './visible-clients.js';

/**
 * Whether the caller sees all that a report covers: a member limited to some clients none that covers every account, the bearer of a share
 * link the one report of it.
 */
function seesReport({ clientIds: seen, kind, share }: Identity, { id, clientIds }: Report): boolean {
  if (kind === 'share') return share?.reportId === id;
  return areVisible(clientIds, seen);
}

/** Loads the reports of the caller's organization that the caller sees; any other is null. */
export function reportById(database: DataSource, identity: Identity): DataLoader<string, Report | null> {
  const { organizationId } = identity;
  return new DataLoader(async (ids) => {
    const rowIds = ids.filter(isRowId);
    if (!organizationId || rowIds.length === 0) return ids.map(() => null);
    const reports = await database.manager.findBy(ReportEntity, { organizationId, id: In(rowIds) });
    const seen = reports.filter((report) => seesReport(identity, report));
    const known = new Map(seen.map((report) => [report.id, report]));
    return ids.map((id) => known.get(id) ?? null);
  });
}

/** Loads the templates the caller's organization may use, archived ones included; null for any other id. */
export function reportTemplateById(
  database: DataSource,
  { organizationId }: Identity,
): DataLoader<string, ReportTemplate | null> {
  return new DataLoader(async (ids) => {
    if (!organizationId) return ids.map(() => null);
    const known = await findTemplates(database.manager, { organizationId, ids });
    return ids.map((id) => known.get(id) ?? null);
  });
}

/** Loads the datasets of reports that were loaded for the caller; null until a report is READY. */
export function datasetById(database: DataSource): DataLoader<string, StoredDataset | null> {
  return new DataLoader(async (ids) => {
    const stored = await database.manager.findBy(ReportDatasetEntity, { reportId: In([...ids]) });
    const known = new Map(stored.map((dataset) => [dataset.reportId, new StoredDataset(database, dataset)]));
    return ids.map((id) => known.get(id) ?? null);
  });
}
