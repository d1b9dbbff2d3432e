import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { isRunning, processesBelow } from '#ops/testing/processes-below.js';
import { newDatabase, testService } from '#ops/testing/test-services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { type ConstantLoad, startLoadOfNewUser } from './constant-load.js';
import { freePort, type StartedProcess, sharedSettings, startProcess } from './start-process.js';

const QUERY = '{ me { name organization { name subscription { status } } } }';
const CLIENTS = 4;
// Longer than the load goes on.
const STOP_DELAY_MS = '10000';
const OPERATOR_TOKEN = 'operator-token-of-a-test-0123456789abcdef';

const redisUrl = testService('REDIS');
(redisUrl ? describe : describe.skip)('a gateway of two processes (needs redis-server)', () => {
  let started: StartedProcess[] = [];
  let load: ConstantLoad | undefined;
  afterEach(async () => {
    await load?.stop().catch(() => {});
    await Promise.all(started.map((one) => one.stop()));
    started = [];
  });

  async function start(program: string, args: string[], environment: Record<string, string>): Promise<StartedProcess> {
    const one = await startProcess(program, args, { environment, readyWhen: /Press Ctrl-C|^Subgraph /m });
    if (one.child.exitCode !== null) throw new Error(one.output());
    started.push(one);
    return one;
  }

  async function startGateway() {
    const shared = {
      ...sharedSettings(await newDatabase()),
      REDIS_URL: redisUrl ?? '',
      RATE_LIMIT_SIGNED_IN: '0',
      COST_LIMIT: '0',
    };
    const addresses: Record<string, string> = {};
    for (const name of subgraphNames) {
      const port = String(await freePort());
      await start('subgraphs/serve.js', [name, '--port', port, '--host', '127.0.0.1'], shared);
      addresses[`SUBGRAPH_${name.toUpperCase()}_URL`] = `http://127.0.0.1:${port}/graphql`;
    }
    const [port, healthPort] = [await freePort(), await freePort()];
    const gateway = await start('gateway/main.js', [], {
      ...shared,
      ...addresses,
      GATEWAY_PROCESSES: '2',
      PORT: String(port),
      HEALTH_PORT: String(healthPort),
      STOP_DELAY_MS,
      OPERATOR_TOKEN,
    });
    const url = `http://127.0.0.1:${port}`;
    const children = () => processesBelow(gateway.child.pid ?? 0, 'gateway/main');
    return { gateway, url, healthUrl: `http://127.0.0.1:${healthPort}/health`, children };
  }

  async function loadOn(url: string): Promise<ConstantLoad> {
    load = await startLoadOfNewUser({ url, query: QUERY, clients: CLIENTS }, { answered: 100 });
    return load;
  }

  async function metricsOf(url: string): Promise<string> {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    expect(response.status).toBe(200);
    return response.text();
  }
  const sumOf = (metrics: string, name: string) =>
    metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);

  it('is one program: one is replaced when it is killed under load, metrics are those of both, and a stop drains', async () => {
    const { gateway, url, healthUrl, children } = await startGateway();
    const both = children();
    expect(both).toHaveLength(2);
    const current = await loadOn(url);
    // Answered with the time to retry is not lost.
    const lost = () => current.failures.filter((failure) => !failure.startsWith('503 '));
    expect(lost()).toEqual([]);
    const metrics = await metricsOf(url);
    expect(sumOf(metrics, 'webmetrics_http_request_duration_seconds_count')).toBeGreaterThanOrEqual(100);
    expect(sumOf(metrics, 'webmetrics_gateway_processes_replaced_total')).toBe(0);
    expect(sumOf(metrics, 'webmetrics_process_info')).toBe(1);

    process.kill(both[0] ?? 0, 'SIGKILL');
    await eventually('it is replaced', () => children().length === 2 && !children().includes(both[0] ?? 0));
    // No more than the requests that the killed one had.
    expect(lost().length).toBeLessThanOrEqual(CLIENTS);
    expect(gateway.output()).toContain('A gateway process ended: it is replaced');
    expect((await fetch(healthUrl)).status).toBe(200);
    await eventually('both are asked', async () => sumOf(await metricsOf(url), 'webmetrics_process_info') === 1);
    expect(sumOf(await metricsOf(url), 'webmetrics_gateway_processes_replaced_total')).toBe(1);
    current.failures.length = 0;
    await current.more(100);
    expect(lost()).toEqual([]);

    const replaced = children();
    const stopping = gateway.stop();
    await current.more(20);
    await current.stop();
    expect(await stopping).toBe(0);
    expect(lost()).toEqual([]);
    expect(replaced.filter(isRunning)).toEqual([]);
  });

  it('replaces one that does not react, and names the process in each line of its log', async () => {
    const { gateway, url, children } = await startGateway();
    const [hung = 0, other = 0] = children();
    process.kill(hung, 'SIGSTOP');
    // One of them is handed over to it: nobody waits for an answer that never comes.
    const asked = Promise.allSettled(Array.from({ length: 4 }, () => fetch(`${url}/health`)));
    const isReplaced = () => children().length === 2 && !children().includes(hung);
    await eventually('it is replaced', isReplaced, 120_000);
    expect(children()).toContain(other);
    const failures = (await asked).flatMap((one) => (one.status === 'rejected' ? [String(one.reason.cause)] : []));
    expect(failures).toEqual([expect.stringMatching(/ECONNRESET|other side closed/)]);
    await eventually('it answers', async () => (await fetch(`${url}/health`).catch(() => undefined))?.status === 200);
    const lines = gateway
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.join('\n')).toContain('A gateway process does not react: it is killed');
    expect(lines.filter((line) => JSON.parse(line).process === undefined)).toEqual([]);
  });

  it('leaves no process behind when the first one is killed', async () => {
    const { gateway, children } = await startGateway();
    const both = children();
    await gateway.stop('SIGKILL');
    await eventually('none is left', () => both.every((pid) => !isRunning(pid)));
  });
});
