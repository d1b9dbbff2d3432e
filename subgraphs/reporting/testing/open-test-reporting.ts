import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { FileRequest } from '#kit/file-answer.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { reporting } from '#reporting/index.js';
import type { Environment } from '#runtime/config/config.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import { FakeGraph } from './fake-graph.js';

export const RANGE = { start: '2026-10-01', end: '2026-10-31' };

const ORDER = /* GraphQL */ `
  mutation (
    $templateId: ID! $period: Period $range: DateRangeInput $compareTo: Comparison $compareRange: DateRangeInput
    $clientIds: [ID!] $currency: String $language: String $idempotencyKey: String $onUnavailable: OnUnavailable! = FAIL
  ) {
    generateReport(
      templateId: $templateId period: $period range: $range compareTo: $compareTo compareRange: $compareRange
      clientIds: $clientIds currency: $currency language: $language idempotencyKey: $idempotencyKey
      onUnavailable: $onUnavailable
    ) { report { id } }
  }
`;

/** Returns the identity of a member, by default of a new organization. */
export function member(organizationId: string = randomUUID(), role: Role = 'ANALYST') {
  return { kind: 'user', userId: randomUUID(), organizationId, role, scopes: [], requestId: 'test' } satisfies Identity;
}

/** Opens the reporting subgraph with a fake graph, queue and clock. */
export async function openTestReporting(environment: Environment = {}, { isSold = false } = {}) {
  const graph = new FakeGraph();
  const queue = { isDown: false, jobs: [] as { name: string; data: Record<string, unknown> }[] };
  const clock = { now: new Date('2026-11-02T08:00:00.000Z') };
  const services = await openTestServices({ environment, now: () => clock.now, isSold });
  const running = await reporting.open({
    ...services,
    graph,
    jobs: {
      ...services.jobs,
      enqueue: async (name, data) => {
        if (queue.isDown) throw new Error('The queue is down');
        queue.jobs.push({ name, data });
      },
    },
  });
  const database = new pg.Client({ connectionString: services.databaseUrl });
  await database.connect();
  services.lifecycle.onClose('Test connection', () => database.end());

  const ask = (query: string, identity: Identity, variables: Record<string, unknown> = {}) =>
    running.execute({ query, variables }, identity);
  const runJob = (name: string, data: object) => {
    const job = running.jobs.find((definition) => definition.name === name) as JobDefinition<object>;
    return job.run(data, testJobRun());
  };
  return {
    graph,
    queue,
    clock,
    services,
    database,
    ask,
    openFile: (
      parameters: Record<string, string>,
      identity: Identity,
      more: Partial<FileRequest> = {},
      signal = new AbortController().signal,
    ) => running.openFile({ kind: 'report', parameters, ...more }, identity, signal),
    order: (identity: Identity, variables: Record<string, unknown> = {}) =>
      ask(ORDER, identity, { templateId: 'campaign-performance', range: RANGE, ...variables }),
    expire: () => runJob('reporting.expire-reports', {}),
    trimOrders: () => runJob('reporting.trim-report-orders', {}),
    run: (reportId: string) => runJob('reporting.run-report', { key: reportId, reportId }),
    notifyOverage: () => runJob('reporting.notify-overage', {}),
    requeue: () => runJob('reporting.requeue-reports', {}),
    advance: (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1_000);
    },
    close: () => services.lifecycle.close(),
  };
}

export type TestReporting = Awaited<ReturnType<typeof openTestReporting>>;
