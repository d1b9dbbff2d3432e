import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'undici';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const CONNECTIONS = 500;
const REQUESTS_EACH = 4;

const DASHBOARD = `query Dashboard($first: Int!) {
  me { name organization { name members(first: $first) { edges { node { user { name } } } } connections { status provider { name } } } }
}`;

/** The requests of 500 connections, each with its next one as soon as the last is answered. */
describe('the gateway under the requests of 500 connections', () => {
  let started: StartedProcess;
  let url: string;
  let token: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    started = await startProcess('gateway/main.js', [], {
      environment: {
        PORT: String(port),
        HOST: '127.0.0.1',
        SIMULATOR_PORT: '0',
        DATA_DIR: newFolder(),
        COST_LIMIT: '0',
        RATE_LIMIT_SIGNED_IN: '0',
        // Connections of a proxy are not counted by address.
        TRUSTED_PROXIES: '127.0.0.1',
      },
      readyWhen: /Press Ctrl-C to stop/,
    });
    const signedIn = await new Client(url).ask(
      'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
    );
    token = signedIn.data.logIn.accessToken;
  });
  afterAll(() => started.stop());

  const metric = async (name: string) => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };

  it.each<[string, (connection: number) => number]>([
    ['identical queries', () => 5],
    ['queries of eight kinds', (connection) => 1 + (connection % 8)],
  ])('answers each of %s, or refuses it with Retry-After', async (_what, firstOf) => {
    const pool = new Pool(url, { connections: CONNECTIONS, bodyTimeout: 0, headersTimeout: 0 });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const sharedBefore = await metric('webmetrics_shared_work_total');
    const shedBefore = await metric('webmetrics_requests_shed_total');
    let isOver = false;
    const probes = (async () => {
      const statuses = new Set<number>();
      while (!isOver) statuses.add((await fetch(`${url}/health`)).status);
      return statuses;
    })();
    const answers = new Map<string, number>();
    const count = (outcome: string) => answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_connection, number) => {
        for (let request = 0; request < REQUESTS_EACH; request += 1) {
          const body = JSON.stringify({ query: DASHBOARD, variables: { first: firstOf(number) } });
          const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
          const { data, errors } = (await answer.body.json()) as {
            data?: object;
            errors?: { extensions: { code: string } }[];
          };
          if (answer.statusCode === 503) {
            expect([Number(answer.headers['retry-after']) > 0, errors?.[0]?.extensions.code]).toEqual([
              true,
              'SERVICE_UNAVAILABLE',
            ]);
            count('refused');
          } else
            count(errors ? `errors ${JSON.stringify(errors)}` : JSON.stringify([answer.statusCode, data !== null]));
        }
      }),
    );
    isOver = true;
    expect(await probes).toEqual(new Set([200]));
    const { refused = 0, ...others } = Object.fromEntries(answers);
    expect(others).toEqual({ '[200,true]': CONNECTIONS * REQUESTS_EACH - refused });
    expect(await metric('webmetrics_requests_shed_total')).toBe(shedBefore + refused);
    const shared = (await metric('webmetrics_shared_work_total')) - sharedBefore;
    process.stdout.write(`Under ${CONNECTIONS} connections: ${JSON.stringify({ ...others, refused, shared })}\n`);
    expect(shared).toBeGreaterThan(0);
    await pool.close();
    expect((await new Client(url).as(token).ask(DASHBOARD, { first: 5 })).errors).toBeUndefined();
  });
});
