import type { DataSource } from 'typeorm';
import { countDifferences, findLastReconciliation } from '#billing/reconciliation/run-record.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { Services } from '#runtime/services.js';

/** The part of billing in the status for operators; instants are null where there was none. */
export interface BillingStatus {
  /** Whether plans can be bought. */
  isSold: boolean;
  events: {
    lastReceivedAt: Date | null;
    /** From receiving to applying, of the last 100 that were applied. */
    lagSeconds: { median: number | null; longest: number | null };
    waiting: number;
    oldestWaitingSince: Date | null;
  };
  payments: { failedInLastDay: number; pastDueOrganizations: number };
  /** The last one; null = there was none yet. */
  reconciliation: {
    startedAt: Date;
    /** null = it goes on. */
    finishedAt: Date | null;
    /** Why it waits. */
    problem: string | null;
    organizations: number;
    failed: number;
    differences: number;
    moneyDifferences: number;
  } | null;
}

interface Row {
  lastReceivedAt: Date | null;
  waiting: number;
  oldestWaitingSince: Date | null;
  median: number | null;
  longest: number | null;
  failedInLastDay: number;
  pastDueOrganizations: number;
}

const READ = `
  WITH applied AS (
    SELECT extract(epoch FROM settled_at - received_at)::float8 AS lag FROM billing.stripe_event
    WHERE state = 'APPLIED' ORDER BY received_at DESC LIMIT 100
  ), waiting AS (
    SELECT count(*)::int AS count, min(received_at) AS since FROM billing.stripe_event WHERE state = 'RECEIVED'
  )
  SELECT (SELECT received_at FROM billing.stripe_event ORDER BY received_at DESC LIMIT 1) AS "lastReceivedAt",
    waiting.count AS waiting, waiting.since AS "oldestWaitingSince",
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) FROM applied) AS median,
    (SELECT max(lag) FROM applied) AS longest,
    (SELECT count(*)::int FROM billing.payment WHERE status = 'failed' AND created_at > $1::timestamptz - interval '1 day') AS "failedInLastDay",
    (SELECT count(*)::int FROM billing.subscription WHERE status = 'past_due') AS "pastDueOrganizations"
  FROM waiting`;

/** Returns what operators see of billing. */
export async function getBillingStatus({
  services,
  database,
}: {
  services: Services;
  database: DataSource;
}): Promise<BillingStatus> {
  const [row] = await database.query<Row[]>(READ, [services.now()]);
  if (!row) throw new Error('The status of billing could not be read.');
  const { lastReceivedAt, waiting, oldestWaitingSince, median, longest, failedInLastDay, pastDueOrganizations } = row;
  const last = await findLastReconciliation(database);
  return {
    isSold: canSell(services),
    events: { lastReceivedAt, lagSeconds: { median, longest }, waiting, oldestWaitingSince },
    payments: { failedInLastDay, pastDueOrganizations },
    reconciliation: last && {
      ...{ startedAt: last.startedAt, finishedAt: last.finishedAt, problem: last.problem },
      ...{ organizations: last.organizationCount, failed: last.failedCount },
      ...(await countDifferences(database, last.id)),
    },
  };
}
