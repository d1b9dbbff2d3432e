import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { eventually } from '#ops/testing/eventually.js';
import { newDatabase, noAlerts, testService } from '#ops/testing/test-services.js';
import { startWebhookReceiver } from '#ops/testing/webhook-receiver.js';
import { parseConfig } from '#runtime/config/config.js';
import { openOperationsDatabase } from '#runtime/database/operations-database.js';
import { type Jobs, openJobs } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { createWebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { newFolder, type StartedProcess, startProcess } from './start-process.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');
const backends: ['PostgreSQL' | 'MongoDB'][] = mongodb ? [['PostgreSQL'], ['MongoDB']] : [['PostgreSQL']];

describe.each(backends)('workers with the queue in %s', (backend) => {
  let simulator: Simulator;
  let lifecycle: Lifecycle;
  let processes: StartedProcess[] = [];
  beforeAll(async () => {
    simulator = await startSimulator({ quiet: true });
  });
  afterAll(() => simulator.close());
  afterEach(async () => {
    for (const { child, stop } of processes) if (child.exitCode === null && !child.signalCode) await stop('SIGKILL');
    processes = [];
    await lifecycle.close();
  });

  /** An installation with nothing running yet, and the test's own view of its queue and its database. */
  async function install(): Promise<{ environment: Record<string, string>; jobs: Jobs; database: DataSource }> {
    lifecycle = new Lifecycle(logger);
    const environment: Record<string, string> = {
      NODE_ENV: 'test',
      DATABASE_URL: await newDatabase(),
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      GATEWAY_URL: 'http://127.0.0.1:1/graphql',
      SIMULATOR_URL: simulator.url,
    };
    if (backend === 'MongoDB') {
      const url = new URL(mongodb as string);
      url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
      environment.MONGODB_URL = url.href;
    }
    const { DATABASE_URL: databaseUrl = '', MONGODB_URL: mongodbUrl } = environment;
    const database = await openOperationsDatabase({
      logger,
      databaseUrl,
      config: parseConfig(environment),
      lifecycle,
      alerts: noAlerts,
    });
    await database.query('CREATE TABLE operations.effect (key text)');
    const jobs = await openJobs({ databaseUrl, mongodbUrl, logger });
    lifecycle.onClose('Job queue', () => jobs.close());
    return { environment, jobs, database };
  }

  async function start(program: string, args: string[], environment: Record<string, string>, readyWhen: RegExp) {
    const started = await startProcess(program, args, { environment, readyWhen });
    expect(started.output()).toMatch(readyWhen);
    processes.push(started);
    return started;
  }

  it.each<['before' | 'inside' | 'after']>([['before'], ['inside'], ['after']])(
    'lose no job and do none twice when one is killed %s the transaction of its effect',
    async (point) => {
      const { environment, jobs, database } = await install();
      const killed = await start('ops/testing/effect-worker.js', [point], environment, /^working$/m);
      await jobs.enqueue('test.effect', { key: 'a' });
      await eventually('it is in the middle', () => killed.output().includes(`paused ${point}`));
      await killed.stop('SIGKILL');
      const other = await start('ops/testing/effect-worker.js', [], environment, /^working$/m);
      await eventually('the other did it', () => other.output().includes('done a'));
      await eventually('the queue is empty', async () => (await jobs.find('test.effect', 'a')) === null);
      expect(await database.query('SELECT key FROM operations.effect')).toEqual([{ key: 'a' }]);
      expect(await jobs.deadLetters()).toEqual([]);
      expect(await other.stop()).toBe(0);
    },
  );

  it('finish the running job on SIGTERM', async () => {
    const { environment, jobs, database } = await install();
    const started = await start('ops/testing/effect-worker.js', [], environment, /^working$/m);
    const keys = Array.from({ length: 20 }, (_, index) => String(index));
    for (const key of keys) await jobs.enqueue('test.effect', { key });
    await eventually('a job is done', () => started.output().includes('done'));
    expect(await started.stop()).toBe(0);
    const other = await start('ops/testing/effect-worker.js', [], environment, /^working$/m);
    await eventually('all are done', async () => {
      const rows = await database.query<unknown[]>('SELECT key FROM operations.effect');
      return rows.length >= keys.length;
    });
    expect(await other.stop()).toBe(0);
    const rows = await database.query<{ key: string }[]>('SELECT key FROM operations.effect');
    expect(rows.map(({ key }) => key).sort()).toEqual([...keys].sort());
  });

  it('send a webhook again, with the same id and body, when one is killed before it was answered', async () => {
    const { environment, jobs, database } = await install();
    const receiver = await startWebhookReceiver();
    lifecycle.onClose('Receiver', () => receiver.close());
    // Held, as by a receiver that is slow.
    receiver.answer = () => {};
    const worker = () => start('subgraphs/work.js', ['auth'], environment, /^Worker for/m);
    const killed = await worker();
    const sealer = new Sealer(Buffer.from(environment.TOKEN_ENCRYPTION_KEY as string, 'hex'));
    const [organizationId, now] = [randomUUID(), new Date()];
    const about = { organizationId, description: '', eventTypes: null, createdBy: null, createdAt: now };
    await createWebhookEndpoint({ manager: database, sealer }, { ...about, url: receiver.url });
    const data = { userId: randomUUID(), role: 'VIEWER' as const };
    for (const type of ['member.joined', 'member.removed'] as const) {
      await queueWebhookEvent(database, { organizationId, type, data, occurredAt: now });
    }
    await deliverWebhooksSoon({ operations: database, jobs, logger });
    await receiver.waitFor(1);
    await killed.stop('SIGKILL');
    receiver.answer = (_webhook, response) => void response.writeHead(204).end();
    const other = await worker();
    // The lease of the killed one ends.
    await database.query('UPDATE operations.webhook_delivery SET due_at = $1 WHERE claim IS NOT NULL', [now]);
    const [first, again, next] = await receiver.waitFor(3);
    expect([again?.id, again?.body]).toEqual([first?.id, first?.body]);
    expect(JSON.parse(next?.body ?? '').type).toBe('member.removed');
    await eventually('both are recorded', async () => {
      const states = await database.query<{ state: string }[]>('SELECT state FROM operations.webhook_delivery');
      return states.every(({ state }) => state === 'DELIVERED');
    });
    expect(await other.stop()).toBe(0);
    expect(receiver.received).toHaveLength(3);
  });

  it('run alone by `npm run worker`, with the jobs of all subgraphs and of the installation', async () => {
    const { environment, jobs } = await install();
    const worker = await start('subgraphs/work.js', [], environment, /^Worker for/m);
    const scheduled = [
      'auth.trim-sessions',
      'auth.warn-of-expiring-keys',
      'billing.follow-clock',
      'integrations.refresh-tokens',
      'operations.trim-job-completions',
      'reporting.requeue-reports',
      'webhooks.deliver',
      'webhooks.trim',
    ];
    await eventually('each has run and waits for its next time', async () => {
      const kinds = await jobs.status();
      return scheduled.every((name) => {
        const kind = kinds.find((each) => each.name === name);
        return kind?.running === 0 && kind.nextRunAt !== undefined && kind.nextRunAt > new Date();
      });
    });
    expect(await worker.stop()).toBe(0);
    expect(worker.output()).not.toContain('error');
  });
});
