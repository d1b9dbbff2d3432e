import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { type Balancer, startBalancer } from './balancer.js';
import { Client } from './client.js';
import { type ConstantLoad, startLoadOfNewUser } from './constant-load.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

const QUERY = /* GraphQL */ `{
  me { name organization { name subscription { status } connections { id } reports { edges { cursor } } } }
}`;
const CLIENTS = 4;
// Longer than the balancer takes to notice.
const STOP_DELAY_MS = '5000';

/** A program on a port of its own, which can be stopped and started again. */
interface Instance {
  port: number;
  start(): Promise<void>;
  stop(): Promise<number | null>;
}

describe('a rolling restart', () => {
  let shared: Record<string, string>;
  let instances: Instance[];
  let balancers: Balancer[];
  let load: ConstantLoad | undefined;

  beforeEach(async () => {
    instances = [];
    balancers = [];
    load = undefined;
    shared = {
      ...sharedSettings(await newDatabase()),
      // As many requests as the machine answers, however long a restart takes.
      RATE_LIMIT_SIGNED_IN: '0',
      COST_LIMIT: '0',
      STOP_DELAY_MS,
    };
  });
  afterEach(async () => {
    await load?.stop().catch(() => {});
    await Promise.all(balancers.map((balancer) => balancer.close()));
    await Promise.all(instances.map((instance) => instance.stop()));
  });

  async function instanceOf(program: string, args: (port: number) => string[], environment: Record<string, string>) {
    const port = await freePort();
    let running: StartedProcess | undefined;
    const instance: Instance = {
      port,
      start: async () => {
        running = await startProcess(program, args(port), {
          environment: { ...shared, PORT: String(port), ...environment },
          readyWhen: /Press Ctrl-C|^Subgraph /m,
        });
        if (running.child.exitCode !== null) throw new Error(running.output());
      },
      stop: async () => {
        const status = running ? await running.stop() : null;
        running = undefined;
        return status;
      },
    };
    instances.push(instance);
    await instance.start();
    return instance;
  }
  const gateway = (environment: Record<string, string> = {}) => instanceOf('gateway/main.js', () => [], environment);
  const subgraph = (name: SubgraphName) =>
    instanceOf('subgraphs/serve.js', (port) => [name, '--port', String(port), '--host', '127.0.0.1'], {});

  async function balance(backends: Instance[]): Promise<Balancer> {
    const balancer = await startBalancer(backends.map(({ port }) => port));
    balancers.push(balancer);
    await Promise.all(backends.map(({ port }) => balancer.until(port, true)));
    return balancer;
  }

  async function loadOn(url: string): Promise<ConstantLoad> {
    load = await startLoadOfNewUser({ url, query: QUERY, clients: CLIENTS }, { answered: 20 });
    return load;
  }

  /** Restarts one after the other, each once the balancer sends requests to the one before again. */
  async function restart(backends: Instance[], balancer: Balancer, current: ConstantLoad): Promise<void> {
    for (const instance of backends) {
      expect(await instance.stop()).toBe(0);
      await balancer.until(instance.port, false);
      await current.more(20);
      const before = balancer.counts.get(instance.port) ?? 0;
      await instance.start();
      await balancer.until(instance.port, true);
      while ((balancer.counts.get(instance.port) ?? 0) <= before) await current.more(1);
    }
  }

  it('of two gateways with everything in them loses no request', async () => {
    const gateways = await Promise.all([gateway(), gateway()]);
    const balancer = await balance(gateways);
    const current = await loadOn(balancer.url);
    await restart(gateways, balancer, current);
    await current.stop();
    expect({ balancer: balancer.failures, clients: current.failures }).toEqual({ balancer: [], clients: [] });
  });

  it('of two gateways and of a subgraph served twice behind them loses no request', async () => {
    const addresses: Record<string, string> = {};
    const served = new Map<SubgraphName, { backends: Instance[]; balancer: Balancer }>();
    const serve = async (name: SubgraphName) => {
      const backends = await Promise.all(Array.from({ length: name === 'reporting' ? 2 : 1 }, () => subgraph(name)));
      const balancer = await balance(backends);
      served.set(name, { backends, balancer });
      addresses[`SUBGRAPH_${name.toUpperCase()}_URL`] = `${balancer.url}/graphql`;
    };
    await Promise.all(subgraphNames.map(serve));
    const gateways = await Promise.all([gateway(addresses), gateway(addresses)]);
    const balancer = await balance(gateways);
    const current = await loadOn(balancer.url);
    await restart(gateways, balancer, current);
    const { backends, balancer: ofBackends } = served.get('reporting')!;
    await restart(backends, ofBackends, current);
    await current.stop();
    const failures = balancers.map((one) => one.failures);
    expect({ balancers: failures.flat(), clients: current.failures }).toEqual({ balancers: [], clients: [] });
  });

  it('answers every request that began before it, however long that takes', async () => {
    shared.STOP_DELAY_MS = '0';
    const only = await gateway();
    const url = `http://127.0.0.1:${only.port}`;
    const { client } = await new Client(url).signUp('Nora');
    const blocker = new pg.Client({ connectionString: shared.DATABASE_URL });
    blocker.on('error', () => {});
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE auth.organization IN ACCESS EXCLUSIVE MODE');
    // Not the connection that holds the lock: within a transaction, pg_stat_activity stays as it was first read.
    const watcher = new pg.Client({ connectionString: shared.DATABASE_URL });
    watcher.on('error', () => {});
    await watcher.connect();
    // Only requests read the rule of two factors: jobs, which read organizations too, do not count.
    const isWaiting = async () => {
      const { rows } = await watcher.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"requires_two_factor"%'`,
      );
      return rows.length > 0;
    };
    expect(await isWaiting()).toBe(false);
    const slow = client.ask('{ me { organization { name } } }');
    await eventually('the request waits for the table', isWaiting);
    const stopped = only.stop();
    await eventually('new connections are refused, as it is closing', () =>
      fetch(`${url}/ready`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      ),
    );
    await blocker.query('COMMIT');
    await Promise.all([blocker.end(), watcher.end()]);
    expect(await slow).toMatchObject({ status: 200, data: { me: { organization: { name: 'Company' } } } });
    expect(await stopped).toBe(0);
  });
});
