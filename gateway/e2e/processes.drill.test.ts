import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { DESCRIPTORS } from './attacked-installation.js';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

// biome-ignore lint/style/noProcessEnv: what a shell would pass to a program
const { PATH = '' } = process.env;
const dashboard = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const range = { start: '2026-10-01', end: '2026-10-31' };
// What the demo connects: every provider there is.
const PROVIDERS = [
  'Google Ads',
  'Google Analytics',
  'Search Console',
  'Google Business Profile',
  'Meta Ads',
  'LinkedIn Ads',
  'X',
];
const READY = /Press Ctrl-C to stop/;
/** What is logged when requests in flight were waited for in vain. */
const CUT = /Requests cut at shutdown|Close timed out/;

async function logInToDemo(url: string): Promise<Client> {
  const { data } = await new Client(url).ask(
    'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
  );
  return new Client(url).as(data.logIn.accessToken);
}

describe('the start command', () => {
  const folder = newFolder();
  let port: number;
  const start = () =>
    startProcess('gateway/main.js', [], {
      environment: { PORT: String(port), SIMULATOR_PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'info' },
      readyWhen: READY,
    });
  const isPostgresRunning = () => existsSync(join(folder, 'postgres', 'postmaster.pid'));

  beforeAll(async () => {
    port = await freePort();
  });

  it('starts everything with a demo whose dashboard answers at once, and stops PostgreSQL with itself', async () => {
    const started = await start();
    expect(started.output()).toContain('demo@webmetrics.test / webmetrics-demo');
    expect(started.output()).not.toContain('continues at the next start');
    const [before = ''] = started.output().split('WebMetrics is ready');
    expect(before.split('\n').length).toBeLessThanOrEqual(15);
    const demo = await logInToDemo(`http://localhost:${port}`);
    const { data, errors } = await demo.ask(dashboard, { range });
    expect(errors).toBeUndefined();
    const connections = data.me.organization.connections;
    expect(connections.map(({ provider, status }: any) => [provider.name, status])).toEqual(
      PROVIDERS.map((name) => [name, 'ACTIVE']),
    );
    const entitled = await demo.ask('{ organization { entitlements { limits { name remaining } } } }');
    const { limits } = entitled.data.organization.entitlements;
    expect(limits.find(({ name }: any) => name === 'CONNECTIONS').remaining).toBeGreaterThan(0);
    const { channels, campaigns } = data.me.organization;
    const channelNames = new Set(channels.edges.map(({ node }: any) => node.provider.name));
    expect(channelNames).toEqual(new Set(PROVIDERS.filter((name) => name.endsWith(' Ads'))));
    expect(campaigns.edges.length).toBe(10);
    // The clients and the reports are added after it is ready.
    await eventually('the demo is complete', () => existsSync(join(folder, 'demo-complete')));
    expect(await started.stop('SIGINT')).toBe(0);
    expect(isPostgresRunning()).toBe(false);
  });

  it('finds its data again, also after it was killed, and does not fill the demo twice', async () => {
    const killed = await start();
    await killed.stop('SIGKILL');
    expect(isPostgresRunning()).toBe(true);
    const started = await start();
    const demo = await logInToDemo(`http://localhost:${port}`);
    const { data } = await demo.ask(
      '{ organization { name connections { id } clients { edges { cursor } } reports { edges { cursor } } } }',
    );
    expect(data.organization).toMatchObject({
      name: 'Northwind Agency',
      clients: { edges: [{}, {}] },
      reports: { edges: [{}, {}] },
    });
    expect(data.organization.connections).toHaveLength(PROVIDERS.length);
    expect(await started.stop()).toBe(0);
    expect(isPostgresRunning()).toBe(false);
  });

  const disconnectAfterFive = async (query: string) => {
    const body = JSON.stringify({ query });
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    await new Promise<void>((resolve) => socket.write(`${head}\r\n\r\n${body}`.repeat(5), () => resolve()));
    return socket.destroy();
  };

  it('stops at once, and PostgreSQL with it, whatever requests clients abandoned', async () => {
    const started = await start();
    for (let number = 0; number < 30; number += 1) await disconnectAfterFive('{ plans { id } }');
    expect(await started.stop()).toBe(0);
    expect(started.output()).not.toMatch(CUT);
    expect(isPostgresRunning()).toBe(false);
  });

  it('answers others while one client opens more connections than there are descriptors', async () => {
    const program = join(projectRoot, 'dist/gateway/main.js');
    const child = spawn('sh', ['-c', `ulimit -n ${DESCRIPTORS}; exec "${process.execPath}" "${program}"`], {
      cwd: folder,
      env: { PATH, PORT: String(port), SIMULATOR_PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    await eventually('it is ready', () => READY.test(output));
    const sockets = Array.from({ length: DESCRIPTORS + 100 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    for (const socket of sockets) socket.write('G');
    const demo = await logInToDemo(`http://localhost:${port}`);
    const { data, errors } = await demo.ask(dashboard, { range });
    expect([errors, data.me.organization.connections.length]).toEqual([undefined, PROVIDERS.length]);
    for (const socket of sockets) socket.destroy();
    expect(output).not.toContain('EMFILE');
    const ended = once(child, 'exit');
    child.kill();
    expect(await ended).toEqual([0, null]);
  });

  it('stops PostgreSQL although statements wait for a lock, and reports with its status what did not close in time', async () => {
    const started = await start();
    const password = readFileSync(join(folder, 'postgres-password'), 'utf8');
    const [, , , databasePort] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    const locker = new pg.Client({
      connectionString: `postgres://webmetrics:${password}@127.0.0.1:${databasePort}/webmetrics`,
    });
    locker.on('error', () => {});
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE auth.person IN ACCESS EXCLUSIVE MODE');
    await disconnectAfterFive(
      'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
    );
    const isWaitedFor = async () =>
      (await locker.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rowCount !== 0;
    await eventually('a request waits for the lock', isWaitedFor);
    const status = await started.stop();
    // Whether the statement or the time for closing ends first depends on when it began.
    expect(status).toBe(started.output().includes('Close timed out: ') ? 1 : 0);
    expect(isPostgresRunning()).toBe(false);
    await locker.end().catch(() => {});
  });

  it.each([0, 100, 300, 1_000])(
    'leaves no PostgreSQL behind when it is stopped %i ms after that starts',
    async (ms) => {
      const dataDir = newFolder();
      const child = spawn(process.execPath, [join(projectRoot, 'dist/gateway/main.js')], {
        cwd: dataDir,
        env: { PORT: String(await freePort()), SIMULATOR_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
        stdio: 'ignore',
      });
      await eventually('PostgreSQL is being started', () => existsSync(join(dataDir, 'postgres.lock')));
      await wait(ms);
      child.kill();
      await once(child, 'exit');
      expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    },
  );

  it.each<[string, () => Promise<{ environment: Record<string, string>; cwd?: string; stop?: () => void }>, RegExp]>([
    [
      'a taken port',
      async () => {
        const server = createServer().listen(0, 'localhost');
        await once(server, 'listening');
        const { port: taken } = server.address() as { port: number };
        return { environment: { PORT: String(taken) }, stop: () => server.close() };
      },
      /Port \d+ is taken: stop what is listening there, or set PORT/,
    ],
    [
      'a data folder that cannot be written',
      async () => {
        const file = join(newFolder(), 'file');
        writeFileSync(file, '');
        return { environment: { DATA_DIR: join(file, 'data') } };
      },
      /The data folder .* cannot be written .* set DATA_DIR/,
    ],
    [
      'a broken .env',
      async () => {
        const cwd = newFolder();
        writeFileSync(join(cwd, '.env'), 'PORT=8080\nthis is not a setting\n');
        return { environment: {}, cwd };
      },
      /\.env, line 2: expected NAME=value/,
    ],
    [
      'missing settings in production',
      async () => ({ environment: { NODE_ENV: 'production' } }),
      /JWT_SECRET.*TOKEN_ENCRYPTION_KEY.*DATABASE_URL.*ALLOWED_ORIGINS/s,
    ],
  ])('reports %s and the remedy in one line, and ends with status 1', async (_what, prepare, message) => {
    const { environment, cwd, stop } = await prepare();
    const dataDir = newFolder();
    const started = await startProcess('gateway/main.js', [], {
      environment: { PORT: String(await freePort()), SIMULATOR_PORT: '0', DATA_DIR: dataDir, ...environment },
      cwd,
    });
    stop?.();
    expect(started.child.exitCode).toBe(1);
    expect(started.output()).toMatch(message);
    expect(started.output()).not.toMatch(/^\s+at /m);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });
});

describe('four subgraphs and a gateway, each a process', () => {
  const processes: StartedProcess[] = [];
  const subgraph = new Map<string, StartedProcess>();
  const startAgain = new Map<string, () => Promise<StartedProcess>>();
  let url: string;

  beforeAll(async () => {
    const [port, simulatorPort] = [await freePort(), await freePort()];
    url = `http://localhost:${port}`;
    const shared = {
      DATABASE_URL: await newDatabase(),
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
    };
    const addresses: Record<string, string> = {};
    for (const name of subgraphNames) {
      const subgraphPort = await freePort();
      const start = () =>
        startProcess('subgraphs/serve.js', [name, '--port', String(subgraphPort)], {
          environment: shared,
          readyWhen: /^Subgraph /m,
        });
      startAgain.set(name, start);
      subgraph.set(name, await start());
      addresses[`SUBGRAPH_${name.toUpperCase()}_URL`] = `http://localhost:${subgraphPort}/graphql`;
    }
    const gateway = await startProcess('gateway/main.js', [], {
      environment: { ...shared, ...addresses, DEMO_DATA: 'true' },
      readyWhen: READY,
    });
    processes.push(gateway);
    if (gateway.child.exitCode !== null) throw new Error(gateway.output());
  });
  afterAll(async () => {
    for (const { child, stop } of [...processes, ...subgraph.values()]) if (child.exitCode === null) await stop();
  });

  it('answer the demo’s dashboard together', async () => {
    const { data, errors } = await (await logInToDemo(url)).ask(dashboard, { range });
    expect(errors).toBeUndefined();
    expect(data.me.organization.connections).toHaveLength(PROVIDERS.length);
    expect(data.me.organization.subscription.status).toBe('TRIALING');
  });

  it('answer in part, and name the missing part, when one of them is away', async () => {
    const demo = await logInToDemo(url);
    expect(await subgraph.get('billing')?.stop()).toBe(0);
    const { status, data, errors } = await demo.ask(dashboard, { range });
    expect([status, data.me.organization.subscription]).toEqual([200, null]);
    expect(data.me.organization.connections).toHaveLength(PROVIDERS.length);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('billing'),
        extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) }),
      }),
    ]);
  });

  it('answer in whole again once it is back, without anything else', async () => {
    const demo = await logInToDemo(url);
    subgraph.set('billing', await startAgain.get('billing')!());
    // Requests that failed while it was away can have opened its circuit breaker, which says when to ask again.
    const isWhole = async () => (await demo.ask(dashboard, { range })).errors === undefined;
    await eventually('it is asked again', isWhole);
    const { data } = await demo.ask(dashboard, { range });
    expect(data.me.organization.subscription.status).toBe('TRIALING');
  });

  it('survive names of any length and answers as large as they may be', async () => {
    const demo = await logInToDemo(url);
    const rows = (fields: string) =>
      `{ organization { reports(first: 1) { edges { node { sections { rows(first: 1000) { edges { ${fields} } } } } } } } }`;
    const longest = Array.from({ length: 50 }, (_, at) => `${'n'.repeat(98)}${at + 10}: cursor`).join(' ');
    const codes = new Map<string, string | undefined>();
    for (let time = 0; time < 20; time += 1) {
      codes.set('body', (await demo.ask(rows(`${'n'.repeat(950_000)}: cursor`))).code);
      codes.set('name', (await demo.ask(rows(`${'n'.repeat(100_000)}: cursor`))).code);
      codes.set('longest', (await demo.ask(rows(longest))).code);
    }
    expect(Object.fromEntries(codes)).toEqual({ body: 'REQUEST_TOO_LARGE', name: 'NAME_LIMIT_EXCEEDED' });
    for (const { child } of [...processes, ...subgraph.values()]) {
      expect(child.exitCode).toBeNull();
      const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      expect(Number(kb) / 1024).toBeLessThan(900);
    }
  });

  it('all end with status 0 on SIGTERM', async () => {
    const running = [...processes, ...subgraph.values()].filter(({ child }) => child.exitCode === null);
    expect(await Promise.all(running.map(({ stop }) => stop()))).toEqual(running.map(() => 0));
  });
});

describe('a worker on its own', () => {
  it('answers probes on its port, and ends with status 0', async () => {
    const port = await freePort();
    const worker = await startProcess('subgraphs/work.js', ['billing', '--port', String(port), '--host', '127.0.0.1'], {
      environment: { DATABASE_URL: await newDatabase(), DATA_DIR: newFolder() },
      readyWhen: /^Worker for billing/m,
    });
    const answers = ['health', 'ready'].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).json());
    expect(await Promise.all(answers)).toEqual([
      { status: 'ok', environment: 'development', timestamp: expect.any(String), uptime: expect.any(Number) },
      { status: 'ready', checks: { database: 'ok', jobs: 'ok', cache: 'ok', billing: 'ok' } },
    ]);
    expect(await worker.stop()).toBe(0);
  });

  it('answers /health on HEALTH_PORT, and stops at once whatever is connected to its port', async () => {
    const [port, healthPort] = [await freePort(), await freePort()];
    const worker = await startProcess('subgraphs/work.js', ['billing', '--port', String(port), '--host', '127.0.0.1'], {
      environment: { NODE_ENV: 'test', DATABASE_URL: await newDatabase(), HEALTH_PORT: String(healthPort) },
      readyWhen: /^Worker for /m,
    });
    expect(await (await fetch(`http://127.0.0.1:${healthPort}/health`)).json()).toMatchObject({ status: 'ok' });
    const open = async (text: string) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      await new Promise<void>((resolve) => socket.write(text, () => resolve()));
      return socket;
    };
    const pipelined = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20);
    const sockets = [await open(' '), await open('GET /ready HTTP/1.1\r\nHost: x\r\n'), await open(pipelined)];
    for (let number = 0; number < 50; number += 1) (await open(pipelined)).destroy();
    const ended = sockets.map((socket) => once(socket.resume(), 'close'));
    expect(await worker.stop()).toBe(0);
    await Promise.all(ended);
    expect(worker.output()).not.toMatch(CUT);
    await expect(fetch(`http://127.0.0.1:${healthPort}/health`)).rejects.toThrow('fetch failed');
  });

  it('reports an invalid port', async () => {
    const worker = await startProcess('subgraphs/work.js', ['--port', 'http'], {});
    expect(worker.child.exitCode).toBe(1);
    expect(worker.output()).toContain('--port http is not a port number.');
  });
});
