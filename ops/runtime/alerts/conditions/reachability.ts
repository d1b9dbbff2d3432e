import type { Runbook } from '#runtime/alerts/runbooks.js';
import type { CheckFailure, Readiness } from '#runtime/health/readiness.js';
import { type Condition, type Holding, START_MS } from './condition.js';

interface Dependency {
  name: Runbook;
  causes?: Runbook[];
  /** Whether a check of this name is about it. */
  isCheckedBy(check: string): boolean;
  describe(failure: CheckFailure): Holding;
}

const PARTS = new Set(['supergraph', 'database', 'jobs', 'cache']);

const dependencies: Dependency[] = [
  {
    name: 'database-unreachable',
    isCheckedBy: (check) => check === 'database',
    describe: ({ reason }) => ({
      message: `PostgreSQL cannot be reached: requests are answered with SERVICE_UNAVAILABLE, and jobs wait (${reason}).`,
    }),
  },
  {
    name: 'queue-unreachable',
    causes: ['database-unreachable'],
    isCheckedBy: (check) => check === 'jobs',
    describe: ({ reason }) => ({
      message: `The job queue cannot be reached: what is ordered is stored and waits (${reason}).`,
    }),
  },
  {
    name: 'redis-unreachable',
    isCheckedBy: (check) => check === 'cache',
    describe: ({ reason }) => ({
      message: `Redis cannot be reached: caches and limits are per process meanwhile (${reason}).`,
    }),
  },
  {
    name: 'subgraph-unreachable',
    causes: ['database-unreachable'],
    isCheckedBy: (check) => !PARTS.has(check),
    describe: ({ check, reason }) => ({
      subject: check,
      message: `The subgraph ${check} is away or not ready: ${check === 'auth' ? 'no request can be answered' : 'answers are partial'} (${reason}).`,
    }),
  },
];

/**
 * The conditions that what this process needs can be reached, as its readiness checks see it. A failure that was over before it was
 * looked at holds once.
 */
export function reachability(readiness: Pick<Readiness, 'failures'>): Condition[] {
  const startedAt = Date.now();
  const seen = new Map<string, number>();
  const isNew = ({ check, since, until }: CheckFailure) => {
    if (since.getTime() < startedAt && (until || Date.now() < startedAt + START_MS)) return false;
    if (!until) return true;
    const isSeen = (seen.get(check) ?? 0) >= until.getTime();
    seen.set(check, until.getTime());
    return !isSeen;
  };
  return dependencies.map(({ name, causes, isCheckedBy, describe }) => ({
    name,
    category: name === 'database-unreachable' ? 'database' : 'internal',
    causes,
    evaluate: async () =>
      readiness
        .failures()
        .filter(({ check }) => isCheckedBy(check))
        .filter(isNew)
        .map((failure) => ({ ...describe(failure), since: failure.since, until: failure.until })),
  }));
}
