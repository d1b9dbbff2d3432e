import { type JobDependencies, jobContext, type ServiceContext } from '#reporting/context.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const BATCH = 1_000;

interface Made {
  organizationId: string;
  ids: string[];
  orderedAt: Date[];
}

const MADE = `
  SELECT organization_id AS "organizationId", array_agg(report_id::text) AS ids, array_agg(ordered_at) AS "orderedAt"
  FROM (SELECT * FROM reporting.report_order WHERE overage = 'MADE' ORDER BY organization_id, report_id LIMIT ${BATCH}) AS made
  GROUP BY organization_id`;

async function notifyOverage({ services, database }: ServiceContext): Promise<void> {
  for (const { organizationId, ids, orderedAt } of await database.query<Made[]>(MADE)) {
    const reports = ids.map((reportId, index) => ({ reportId, orderedAt: orderedAt[index]?.toISOString() }));
    // Repeated after a crash: billing records each report once.
    const key = `${organizationId} ${ids[0]}`;
    await services.jobs.enqueue('billing.record-overage', { key, organizationId, reports });
    await database.query(
      `UPDATE reporting.report_order SET overage = 'NOTIFIED' WHERE organization_id = $1 AND report_id = ANY ($2::uuid[])`,
      [organizationId, ids],
    );
  }
}

/** Notifies billing every minute of the reports that were made beyond what plans include. */
export function notifyOverageJob(dependencies: JobDependencies): JobDefinition {
  return {
    name: 'reporting.notify-overage',
    schedule: '1 minute',
    run: () => notifyOverage(jobContext(dependencies)),
  };
}
