import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { deleteDataset } from '#reporting/dataset/store-dataset.js';
import { recordAudit } from '#runtime/audit/record-audit.js';

/** Reports whose rows go in one transaction. */
const BATCH = 100;

const ORGANIZATIONS = `
  SELECT DISTINCT organization_id AS id FROM reporting.report WHERE status = 'READY' AND finished_at < $1 ORDER BY id`;

// Those that someone shares or deletes right now expire next time.
const EXPIRE = `
  UPDATE reporting.report SET status = 'EXPIRED' WHERE id IN (
    SELECT id FROM reporting.report WHERE organization_id = $1 AND status = 'READY' AND finished_at < $2
    ORDER BY finished_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  RETURNING id`;

interface Expiring {
  organizationId: string;
  finishedBefore: Date;
}

/** Expires some reports of an organization, and records how many. Returns that number. */
async function expireSome(
  context: ServiceContext,
  manager: EntityManager,
  { organizationId, finishedBefore }: Expiring,
): Promise<number> {
  const [rows] = await manager.query<[{ id: string }[], number]>(EXPIRE, [organizationId, finishedBefore]);
  const reportIds = rows.map(({ id }) => id);
  if (reportIds.length === 0) return 0;
  await deleteDataset(manager, { reportIds });
  await manager.query('DELETE FROM reporting.report_share WHERE report_id = ANY ($1::uuid[])', [reportIds]);
  await recordAudit(manager, context.identity, {
    organizationId,
    action: 'report.expired',
    target: { type: 'Organization', id: organizationId },
    after: { count: reportIds.length, finishedBefore: finishedBefore.toISOString(), reportIds },
  });
  return reportIds.length;
}

/**
 * Deletes the rows and share links of reports that were finished before the months for which they are kept; their entries stay, as
 * EXPIRED. Returns how many. Safe to run concurrently and to abort.
 */
export async function expireReports(
  context: ServiceContext,
  { keepMonths, signal }: { keepMonths: number; signal: AbortSignal },
): Promise<number> {
  const { database, services } = context;
  const [{ finishedBefore }] = await database.query<[{ finishedBefore: Date }]>(
    'SELECT $1::timestamptz - make_interval(months => $2) AS "finishedBefore"',
    [services.now(), keepMonths],
  );
  let total = 0;
  for (const { id: organizationId } of await database.query<{ id: string }[]>(ORGANIZATIONS, [finishedBefore])) {
    let count = BATCH;
    while (count === BATCH && !signal.aborted) {
      count = await database.transaction((manager) => expireSome(context, manager, { organizationId, finishedBefore }));
      total += count;
    }
  }
  return total;
}
