import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newMigratedDatabase } from '#ops/testing/test-services.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

const MOMENTS = 6;
const HANGUP_BIT = 1n;

/** Whether the first line of a program has run: until then it ends by the signal. Node.js itself has no listener of SIGHUP. */
function catchesSignals(pid: number): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (BigInt(`0x${caught}`) & HANGUP_BIT) !== 0n;
}

type Line = Record<string, any>;
const linesOf = ({ output }: StartedProcess): Line[] =>
  output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('a start', () => {
  let settings: Record<string, string>;
  let proxy: TcpProxy | undefined;
  beforeAll(async () => {
    settings = { ...sharedSettings(await newMigratedDatabase()), LOG_LEVEL: 'info' };
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  /** The settings of a production without providers. */
  function production(): Record<string, string> {
    const { SIMULATOR_URL: _, ...shared } = settings;
    return { ...shared, NODE_ENV: 'production', ALLOWED_ORIGINS: 'https://app.example.com' };
  }

  async function serve(environment: Record<string, string>, readyWhen: RegExp | undefined, port?: number) {
    const words = ['billing', '--port', String(port ?? (await freePort())), '--host', '127.0.0.1'];
    return startProcess('subgraphs/serve.js', words, { environment, readyWhen });
  }

  it.each<[string, string[]]>([
    ['subgraphs/serve.js', ['billing', '--port', '0']],
    ['subgraphs/work.js', []],
    ['gateway/main.js', []],
  ])(
    'of %s that gets a SIGTERM at any moment ends with status 0',
    async (program, args) => {
      const environment = { ...settings, PORT: '0', DEMO_DATA: 'false' };
      const beganAt = Date.now();
      const whole = await startProcess(program, args, { environment, readyWhen: /"seconds"/ });
      const tookMs = Date.now() - beganAt;
      expect(await whole.stop()).toBe(0);
      const ends: unknown[] = [];
      for (let moment = 0; moment < MOMENTS; moment += 1) {
        const atMs = (moment / MOMENTS) * Math.max(tookMs, 1_000);
        const { child, output } = await startProcess(program, args, {
          environment,
          onSpawn: async (child) => {
            await eventually('it catches signals', () => catchesSignals(child.pid ?? 0));
            await wait(atMs);
            child.kill();
          },
        });
        ends.push(child.exitCode === 0 ? 0 : [Math.round(atMs), child.exitCode, child.signalCode, output()]);
      }
      expect(ends).toEqual(Array(MOMENTS).fill(0));
    },
    300_000,
  );

  it('waits for PostgreSQL, and names its setting meanwhile; a SIGHUP then drains as a SIGTERM does', async () => {
    const address = new URL(settings.DATABASE_URL as string);
    proxy = await startTcpProxy(Number(address.port));
    proxy.cut();
    address.port = String(proxy.port);
    const [port, healthPort] = [await freePort(), await freePort()];
    const environment = { ...production(), DATABASE_URL: address.href, HEALTH_PORT: String(healthPort) };
    const started = await serve(environment, /DATABASE_URL.* cannot be reached/, port);
    expect((await fetch(`http://127.0.0.1:${healthPort}/health`)).status).toBe(503);
    proxy.mend();
    await eventually(
      'it is ready',
      async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null))?.status === 200,
    );
    expect(await started.stop('SIGHUP')).toBe(0);
    // Outside a terminal production writes nothing but JSON.
    expect(linesOf(started).map(({ msg }) => msg)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^WebMetrics .* starts: billing$/),
        expect.stringMatching(/can be reached$/),
        expect.stringMatching(/billing listening at http:/),
        'SIGHUP: the process stops',
        'Draining',
        'Stopped',
      ]),
    );
    const [first] = linesOf(started);
    expect(first).toMatchObject({
      version: expect.any(String),
      node: process.version,
      port,
      healthPort,
      shape: { cache: 'memory' },
    });
    expect(started.output()).not.toContain(address.password);
  }, 120_000);

  it('that cannot be made is one line with its cause', async () => {
    const { child, output } = await serve({ ...production(), JWT_SECRET: 'short' }, undefined);
    expect(child.exitCode).toBe(1);
    const [line, ...more] = output().trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'error',
      fatal: true,
      msg: expect.stringContaining('JWT_SECRET'),
      err: { type: 'ConfigurationError' },
    });
  });

  it('goes on while its job queue is away: degraded', async () => {
    const port = await freePort();
    const environment = { ...settings, MONGODB_URL: `mongodb://127.0.0.1:${await freePort()}/queue` };
    const started = await serve(environment, /^Subgraph /m, port);
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', jobs: 'degraded', cache: 'ok', billing: 'ok' } },
    ]);
    expect(await started.stop()).toBe(0);
  });
});
