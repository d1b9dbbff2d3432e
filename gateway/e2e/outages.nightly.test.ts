import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { type MailServer, startMailServer } from '#ops/testing/mail-server.js';
import { newMigratedDatabase } from '#ops/testing/test-services.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { Client } from './client.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

/** Longer than any retry of a job that would count as one. */
const OUTAGE_MS = 90_000;
const PAUSE_MS = 3_000;
/** A report that waits is made within five minutes of the return of what it waits for. */
const SETTLED_WITHIN_MS = 420_000;
const PEOPLE = 3;

/** Frozen, as by a machine that hangs, or killed and started again. */
const faults: Record<SubgraphName, 'SIGSTOP' | 'SIGKILL'> = {
  auth: 'SIGSTOP',
  integrations: 'SIGKILL',
  reporting: 'SIGSTOP',
  billing: 'SIGKILL',
};

interface Outage {
  name: SubgraphName;
  seconds: number;
  requests: number;
  failed: number;
  reports: number;
  mails: number;
  refreshed: number;
  copied: number;
  waited: number;
}

describe('a subgraph that is away for 90 seconds', () => {
  const subgraphs = new Map<SubgraphName, StartedProcess>();
  const others: StartedProcess[] = [];
  const people: Client[] = [];
  /** What was confirmed to a client. */
  const confirmed = { reports: [] as string[], addresses: [] as string[] };
  const outages: Outage[] = [];
  let simulator: Simulator;
  let mail: MailServer;
  let database: pg.Pool;
  let url: string;
  let serve: (name: SubgraphName) => Promise<StartedProcess>;
  let orders = 0;

  beforeAll(async () => {
    simulator = await startSimulator({ quiet: true });
    mail = await startMailServer();
    const databaseUrl = await newMigratedDatabase();
    database = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const shared = {
      ...sharedSettings(databaseUrl),
      SIMULATOR_URL: simulator.url,
      SMTP_URL: mail.url,
      PUBLIC_URL: url,
      GATEWAY_URL: `${url}/graphql`,
      DEMO_DATA: 'false',
      HISTORY_DAYS: '7',
      RATE_LIMIT_ANONYMOUS: '0',
      RATE_LIMIT_SIGNED_IN: '0',
      COST_LIMIT: '0',
      LOG_LEVEL: 'silent',
    };
    const ports = new Map<SubgraphName, number>();
    for (const name of subgraphNames) ports.set(name, await freePort());
    serve = async (name) => {
      const args = [name, '--port', String(ports.get(name)), '--host', '127.0.0.1', '--no-jobs'];
      const started = await startProcess('subgraphs/serve.js', args, { environment: shared, readyWhen: /^Subgraph /m });
      subgraphs.set(name, started);
      return started;
    };
    for (const name of subgraphNames) await serve(name);
    const addresses = Object.fromEntries(
      [...ports].map(([name, port]) => [`SUBGRAPH_${name.toUpperCase()}_URL`, `http://127.0.0.1:${port}/graphql`]),
    );
    const gateway = { ...shared, ...addresses, PORT: String(port) };
    others.push(await startProcess('gateway/main.js', [], { environment: gateway, readyWhen: /Press Ctrl-C/ }));
    others.push(await startProcess('subgraphs/work.js', [], { environment: shared, readyWhen: /^Worker /m }));
    for (let person = 0; person < PEOPLE; person += 1) {
      const { client } = await new Client(url).signUp('Person');
      expect((await client.connect('google-ads')).status).toBe(200);
      people.push(client);
    }
  }, 300_000);

  afterAll(async () => {
    for (const { child } of subgraphs.values()) child.kill('SIGCONT');
    await Promise.all([...subgraphs.values(), ...others].map((one) => one.stop()));
    await database.end();
    await mail.close();
    await simulator.close();
  });

  async function count(statement: string, values: unknown[] = []): Promise<number> {
    const { rows } = await database.query<{ count: string }>(`SELECT count(*) FROM (${statement}) AS found`, values);
    return Number(rows[0]?.count);
  }

  async function order(): Promise<string> {
    orders += 1;
    const client = people[orders % PEOPLE] as Client;
    const end = String(1 + (orders % 28)).padStart(2, '0');
    const { data, errors } = await client.ask(
      /* GraphQL */ `mutation ($end: Date!) {
        generateReport(templateId: "campaign-performance", range: { start: "2026-09-01", end: $end }) { report { id } }
      }`,
      { end: `2026-09-${end}` },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data.generateReport.report.id;
  }

  async function signUp(): Promise<string> {
    const email = `person-${crypto.randomUUID()}@example.com`;
    const { errors } = await new Client(url).ask(
      /* GraphQL */ `mutation ($email: String!) {
        signUp(name: "Person", email: $email, password: "correct horse battery", companyName: "Company") { accessToken }
      }`,
      { email },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return email;
  }

  /** People order reports and sign up, every few seconds, until `end`. */
  async function load(outage: Outage, end: number): Promise<void> {
    const step = async (work: () => Promise<string>, kept: string[]): Promise<number> => {
      outage.requests += 1;
      try {
        kept.push(await work());
        return 1;
      } catch {
        outage.failed += 1;
        return 0;
      }
    };
    while (Date.now() < end) {
      outage.reports += await step(order, confirmed.reports);
      outage.mails += await step(signUp, confirmed.addresses);
      outage.waited = Math.max(outage.waited, await count("SELECT FROM reporting.report WHERE status = 'WAITING'"));
      await wait(PAUSE_MS);
    }
  }

  /** Makes tokens expire and days due, and their jobs run. Returns how both are counted. */
  async function makeDue() {
    const { rows } = await database.query<{ now: Date }>('SELECT now()');
    const since = rows[0]?.now;
    await database.query("UPDATE integrations.connection SET expires_at = now() WHERE status = 'ACTIVE'");
    await database.query('UPDATE integrations.account_history SET due_at = now()');
    await database.query(
      "UPDATE jobs.agenda_jobs SET next_run_at = now() WHERE name IN ('integrations.refresh-tokens', 'integrations.queue-histories')",
    );
    return {
      refreshed: () => count('SELECT FROM integrations.connection WHERE expires_at > now()'),
      copied: () => count('SELECT FROM integrations.account_history WHERE due_at > $1', [since]),
    };
  }

  it.each(subgraphNames.map((name) => [name]))(
    '%s: nothing that was ordered is lost, whatever runs meanwhile',
    async (name) => {
      const none = { requests: 0, failed: 0, reports: 0, mails: 0, refreshed: 0, copied: 0, waited: 0 };
      const outage: Outage = { name, seconds: 0, ...none };
      outages.push(outage);
      // Jobs of before the outage, too, are in the middle of it.
      for (let person = 0; person < PEOPLE; person += 1) confirmed.reports.push(await order());
      const since = Date.now();
      if (faults[name] === 'SIGKILL') await subgraphs.get(name)?.stop('SIGKILL');
      else subgraphs.get(name)?.child.kill('SIGSTOP');
      const due = await makeDue();
      await load(outage, since + OUTAGE_MS);
      Object.assign(outage, { refreshed: await due.refreshed(), copied: await due.copied() });
      if (faults[name] === 'SIGKILL') await serve(name);
      else subgraphs.get(name)?.child.kill('SIGCONT');
      outage.seconds = Math.round((Date.now() - since) / 1_000);
      await eventually(
        'requests are answered again',
        () =>
          order().then(
            (id) => confirmed.reports.push(id) > 0,
            () => false,
          ),
        60_000,
      );
    },
    480_000,
  );

  it('every report is made, every mail sent, and no job given up', async () => {
    const unfinished = "SELECT FROM reporting.report WHERE status IN ('QUEUED', 'RUNNING', 'WAITING')";
    await eventually('all reports are made', async () => (await count(unfinished)) === 0, SETTLED_WITHIN_MS);
    const made = await count("SELECT FROM reporting.report WHERE id = ANY ($1) AND status = 'READY'", [
      confirmed.reports,
    ]);
    const mailed = () => {
      const recipients = new Set(mail.received.flatMap(({ to }) => to));
      return confirmed.addresses.filter((address) => recipients.has(address)).length;
    };
    await eventually('all mails are sent', () => mailed() === confirmed.addresses.length, 60_000);
    const givenUp = await count(
      'SELECT FROM jobs.agenda_jobs WHERE next_run_at IS NULL AND locked_at IS NULL AND failed_at >= last_finished_at',
    );
    const lost = confirmed.reports.length - made + (confirmed.addresses.length - mailed());
    process.stdout.write(
      [
        '| subgraph | fault | seconds | requests | failed | reports ordered | mails ordered | at most waiting | tokens refreshed | accounts copied |',
        ...outages.map(
          ({ name, seconds, requests, failed, reports, mails, waited, refreshed, copied }) =>
            `| ${name} | ${faults[name]} | ${seconds} | ${requests} | ${failed} | ${reports} | ${mails} | ${waited} | ${refreshed} | ${copied} |`,
        ),
        `${confirmed.reports.length} reports and ${confirmed.addresses.length} mails were confirmed: ${lost} lost, ${givenUp} jobs given up.\n`,
      ].join('\n'),
    );
    expect([lost, givenUp]).toEqual([0, 0]);
    const integrations = outages.find(({ name }) => name === 'integrations');
    expect(integrations?.waited).toBeGreaterThan(0);
    for (const { refreshed } of outages) expect(refreshed).toBe(PEOPLE);
    for (const { copied } of outages) expect(copied).toBeGreaterThan(0);
  }, 600_000);
});
