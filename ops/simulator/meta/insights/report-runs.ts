import type { Account, Campaign } from '#simulator/data/campaign.js';
import type { NodeFields } from '#simulator/meta/field-list.js';
import type { World } from '#simulator/world.js';

/** An asynchronous insights report. */
export interface ReportRun {
  id: string;
  person: string;
  account: Account;
  /** null = the whole account. */
  campaign: Campaign | null;
  query: URLSearchParams;
  orderedAt: Date;
  isDone: boolean;
}

const FIRST_ID = 6_023_920_149_050_000_001n;
const KEPT = 1_000;

// Reports are not persisted.
const runsOf = new WeakMap<World, ReportRun[]>();

/** Starts a report, complete after its status was read once. */
export function orderReport(
  world: World,
  order: Pick<ReportRun, 'person' | 'account' | 'campaign' | 'query'>,
): ReportRun {
  const runs = runsOf.get(world) ?? [];
  const id = String(runs.length === 0 ? FIRST_ID : BigInt(runs.at(-1)?.id ?? 0) + 1n);
  const run: ReportRun = { ...order, id, orderedAt: world.clock.now(), isDone: false };
  runsOf.set(world, [...runs, run].slice(-KEPT));
  return run;
}

/** Finds a person's report. */
export function findReport(world: World, id: string, person: string): ReportRun | undefined {
  return runsOf.get(world)?.find((run) => run.id === id && run.person === person);
}

/** The fields of a report: https://developers.facebook.com/docs/marketing-api/reference/ad-report-run */
export function reportFields(run: ReportRun): NodeFields {
  const seconds = Math.floor(run.orderedAt.getTime() / 1000);
  return {
    id: () => run.id,
    account_id: () => run.account.id,
    async_status: () => (run.isDone ? 'Job Completed' : 'Job Running'),
    async_percent_completion: () => (run.isDone ? 100 : 50),
    time_ref: () => seconds,
    time_completed: () => (run.isDone ? seconds + 1 : 0),
  };
}
