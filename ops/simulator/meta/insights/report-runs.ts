import type { Account, Campaign } from '#simulator/data/campaign.js';
import type { NodeFields } from '#simulator/meta/field-list.js';
import type { World } from '#simulator/world.js';

/** Insights that were ordered to be worked out in the background. */
export interface ReportRun {
  id: string;
  person: string;
  account: Account;
  /** null = of the whole account. */
  campaign: Campaign | null;
  /** What was asked for. */
  query: URLSearchParams;
  orderedAt: Date;
  isDone: boolean;
}

const FIRST_ID = 6_023_920_149_050_000_001n;
const KEPT = 1_000;

// Forgotten with the simulator: nobody waits for a report longer than that.
const runsOf = new WeakMap<World, ReportRun[]>();

/** Takes an order for insights and returns it. Done it is once somebody has asked how it goes. */
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

/** Returns what a person has ordered under this id; undefined for anything else. */
export function findReport(world: World, id: string, person: string): ReportRun | undefined {
  return runsOf.get(world)?.find((run) => run.id === id && run.person === person);
}

/** The fields of an ordered report. https://developers.facebook.com/docs/marketing-api/reference/ad-report-run */
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
