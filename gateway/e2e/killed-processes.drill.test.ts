import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const KILLING_MS = 20_000;
const LONGEST_PAUSE_MS = 2_000;
const SETTLED_WITHIN_MS = 120_000;
const PEOPLE_AT_ONCE = 3;
/** In a row; PostgreSQL may be down for some. */
const MAX_STARTS = 50;
/** Of one report, with one idempotency key. */
const MAX_ORDERS = 25;
const SEED = 20_261_122;

type Victim = 'gateway' | 'subgraph' | 'worker' | 'postmaster';
const victims: Victim[] = ['postmaster', 'worker', 'subgraph', 'gateway'];

describe('processes that are killed at any moment', () => {
  const random = seededRandom(SEED);
  const dataDir = newFolder();
  const running = new Map<Victim, StartedProcess>();
  const restarts: Promise<void>[] = [];
  const kills: Record<string, number> = {};
  /** What was confirmed to a client. */
  const confirmed = { organizations: [] as string[], connections: [] as string[], reports: [] as string[] };
  const requests = { made: 0, failed: 0, repeated: 0 };
  let simulator: Simulator;
  let url: string;
  let starts: Record<Exclude<Victim, 'postmaster'>, () => Promise<StartedProcess>>;
  let isOver = false;

  /** Restarts it, as a supervisor would, until it stays up. */
  async function supervise(victim: Exclude<Victim, 'postmaster'>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const started = await starts[victim]();
      // One that has ended is not `running`: killing it would start a second supervisor of the same port.
      if (started.child.exitCode === null && started.child.signalCode === null) {
        running.set(victim, started);
        return;
      }
      if (attempt === MAX_STARTS) throw new Error(`The ${victim} does not start: ${started.output()}`);
    }
  }

  beforeAll(async () => {
    simulator = await startSimulator({ quiet: true });
    const [port, reportingPort] = [await freePort(), await freePort()];
    url = `http://localhost:${port}`;
    const environment = {
      DATA_DIR: dataDir,
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      PORT: String(port),
      SIMULATOR_URL: simulator.url,
      DEMO_DATA: 'false',
      RATE_LIMIT_ANONYMOUS: '0',
      RATE_LIMIT_SIGNED_IN: '0',
      LOG_LEVEL: 'silent',
    };
    const behind = { ...environment, GATEWAY_URL: `${url}/graphql` };
    const reporting = { SUBGRAPH_REPORTING_URL: `http://localhost:${reportingPort}/graphql` };
    starts = {
      subgraph: () =>
        startProcess('subgraphs/serve.js', ['reporting', '--port', String(reportingPort), '--no-jobs'], {
          environment: behind,
          readyWhen: /^Subgraph /m,
        }),
      worker: () => startProcess('subgraphs/work.js', [], { environment: behind, readyWhen: /^Worker /m }),
      gateway: () =>
        startProcess('gateway/main.js', [], {
          environment: { ...environment, ...reporting },
          readyWhen: /Press Ctrl-C to stop/,
        }),
    };
    for (const victim of ['subgraph', 'worker', 'gateway'] as const) await supervise(victim);
  }, 300_000);

  afterAll(async () => {
    for (const { child, stop } of running.values()) if (child.exitCode === null) await stop();
    await simulator.close();
  });

  /** Kills it and restarts it, while others may be killed. */
  async function kill(victim: Victim): Promise<void> {
    if (victim === 'postmaster') {
      const file = join(dataDir, 'postgres', 'postmaster.pid');
      if (!existsSync(file)) return;
      process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
    } else {
      const victimNow = running.get(victim);
      if (!victimNow) return;
      running.delete(victim);
      await victimNow.stop('SIGKILL');
      const restart = supervise(victim);
      // Awaited at the end.
      restart.catch(() => {});
      restarts.push(restart);
    }
    kills[victim] = (kills[victim] ?? 0) + 1;
  }

  async function killing(): Promise<void> {
    const end = Date.now() + KILLING_MS;
    while (Date.now() < end || Object.keys(kills).length < victims.length) {
      await wait(random() * LONGEST_PAUSE_MS);
      const victim = victims[Math.floor(random() * victims.length)] as Victim;
      // A server that recovers from one blow after the other never gets up.
      if (victim === 'postmaster' && random() < 0.5) continue;
      await kill(victim).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ESRCH') throw error; // It is down already.
      });
    }
    await Promise.all(restarts);
  }

  async function step<T>(work: () => Promise<T>): Promise<T | undefined> {
    requests.made += 1;
    try {
      return await work();
    } catch {
      requests.failed += 1;
      return undefined;
    }
  }

  async function ask(client: Client, query: string, variables?: Record<string, unknown>) {
    const { data, errors } = await client.ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** One person after the other signs up, connects a provider and orders a report, as far as they get. */
  async function people(): Promise<void> {
    while (!isOver) {
      const person = await step(() => new Client(url).signUp('Person'));
      if (!person) {
        await wait(100);
        continue;
      }
      confirmed.organizations.push(person.organizationId);
      const callback = await step(async () => {
        const { status } = await person.client.connect('google-ads');
        if (status !== 200) throw new Error(`The callback answered ${status}`);
        return status;
      });
      if (callback) confirmed.connections.push(person.organizationId);
      const client = await step(async () => {
        const { me } = await ask(person.client, '{ me { organization { accounts { id } } } }');
        const accountIds = me.organization.accounts.map(({ id }: { id: string }) => id);
        const made = await ask(
          person.client,
          'mutation ($of: [ID!]!) { createClient(name: "Customer", accountIds: $of) { client { id } } }',
          { of: accountIds },
        );
        return made.createClient.client.id as string;
      });
      if (!client) continue;
      const keyed = person.client.with({ 'idempotency-key': person.organizationId });
      const order = async () => {
        const { generateReport } = await ask(
          keyed,
          /* GraphQL */ `mutation ($of: [ID!]) {
            generateReport(
              templateId: "campaign-performance", range: { start: "2026-09-01", end: "2026-09-07" }, clientIds: $of
            ) { report { id } }
          }`,
          { of: [client] },
        );
        return generateReport.report.id as string;
      };
      let report: string | undefined;
      // As a client does that lost the answer, whether the report was ordered or not.
      for (let attempt = 0; !report && !isOver && attempt < MAX_ORDERS; attempt += 1) {
        if (attempt > 0) await wait(200);
        report = await step(order);
        if (report && attempt > 0) requests.repeated += 1;
      }
      if (report) confirmed.reports.push(report);
    }
  }

  async function rows(statement: string, values: unknown[] = []): Promise<any[]> {
    const port = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
    const password = readFileSync(join(dataDir, 'postgres-password'), 'utf8');
    const database = new pg.Client(`postgres://webmetrics:${password}@127.0.0.1:${port}/webmetrics`);
    await database.connect();
    try {
      return (await database.query(statement, values)).rows;
    } finally {
      await database.end();
    }
  }

  /** Moves the locks and leases of killed workers an hour into the past, rather than wait two minutes. */
  async function ageClaims(): Promise<void> {
    await rows("UPDATE reporting.report SET claimed_at = claimed_at - interval '1 hour' WHERE status = 'RUNNING'");
    await rows("UPDATE reporting.report SET retry_at = now() WHERE status = 'WAITING'");
    await rows("UPDATE jobs.agenda_jobs SET locked_at = now() - interval '1 hour' WHERE locked_at IS NOT NULL");
  }

  it('lose nothing that was confirmed, and leave nothing half done', async () => {
    const load = Array.from({ length: PEOPLE_AT_ONCE }, people);
    await killing();
    // On a slow machine no client may have got that far between two kills.
    await eventually('a report was ordered', () => confirmed.reports.length > 0);
    isOver = true;
    await Promise.all(load);
    // It may have been the last victim.
    const isUp = () => succeeds(rows('SELECT'));
    await eventually('PostgreSQL is up', isUp);
    expect(Object.keys(kills).sort()).toEqual([...victims].sort());
    expect(confirmed.reports.length).toBeGreaterThan(0);

    // Every report that was ordered is made, also one whose order was never confirmed.
    await ageClaims();
    const unfinished = () =>
      rows("SELECT id, status FROM reporting.report WHERE status IN ('QUEUED', 'RUNNING', 'WAITING')");
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    while ((await unfinished()).length > 0 && Date.now() < deadline) await wait(500);
    expect(await unfinished()).toEqual([]);
    expect(
      await rows("SELECT id FROM reporting.report WHERE id = ANY ($1) AND status = 'READY'", [confirmed.reports]),
    ).toHaveLength(confirmed.reports.length);
    expect(
      await rows(
        `SELECT id, status, row_count FROM reporting.report
         WHERE coalesce(row_count, 0) <> (SELECT coalesce(sum(chunk.row_count), 0) FROM reporting.report_chunk AS chunk
           JOIN reporting.report_dataset USING (report_id, attempt) WHERE chunk.report_id = report.id)
            OR (status = 'READY') <> (row_count IS NOT NULL)`,
      ),
    ).toEqual([]);

    // One report for each idempotency key, however often it was ordered.
    expect(
      await rows('SELECT organization_id FROM reporting.report GROUP BY organization_id HAVING count(*) > 1'),
    ).toEqual([]);

    // A person and their organization, or neither.
    expect(await rows('SELECT id FROM auth.organization WHERE id = ANY ($1)', [confirmed.organizations])).toHaveLength(
      confirmed.organizations.length,
    );
    expect(
      await rows(
        `SELECT id FROM auth.person WHERE (SELECT count(*) FROM auth.membership WHERE person_id = person.id) <> 1
         UNION ALL
         SELECT id FROM auth.organization WHERE (SELECT count(*) FROM auth.membership WHERE organization_id = organization.id) <> 1`,
      ),
    ).toEqual([]);

    // A connection with its tokens and accounts, or none.
    expect(
      await rows("SELECT id FROM integrations.connection WHERE organization_id = ANY ($1) AND status = 'ACTIVE'", [
        confirmed.connections,
      ]),
    ).toHaveLength(confirmed.connections.length);
    expect(
      await rows(
        `SELECT id FROM integrations.connection WHERE status <> 'ACTIVE' OR sealed_tokens IS NULL
           OR NOT EXISTS (SELECT FROM integrations.account_access WHERE connection_id = connection.id)`,
      ),
    ).toEqual([]);

    const blows = Object.entries(kills).map(([victim, times]) => `${victim} ${times}x`);
    process.stdout.write(
      `| kill -9 under load: ${blows.join(', ')} | ${requests.made} requests, ${requests.failed} failed meanwhile | ` +
        `${confirmed.organizations.length} sign-ups, ${confirmed.connections.length} connections, ${confirmed.reports.length} reports confirmed ` +
        `(${requests.repeated} ordered again after a failure), ` +
        '0 lost, 0 half done |\n',
    );
  }, 600_000);
});
