import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { generateOperation } from '#gateway/limits/cost/testing/generate-operation.js';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const OPERATIONS = 400;

describe('the cost of queries to the demo', () => {
  let started: StartedProcess;
  let client: Client;

  beforeAll(async () => {
    const port = await freePort();
    const unlimited = { COST_LIMIT: '0', RATE_LIMIT_SIGNED_IN: '0', RATE_LIMIT_ANONYMOUS: '0' };
    started = await startProcess('gateway/main.js', [], {
      environment: { PORT: String(port), SIMULATOR_PORT: '0', DATA_DIR: newFolder(), ...unlimited },
      readyWhen: /Press Ctrl-C to stop/,
    });
    const url = `http://localhost:${port}`;
    const { data } = await new Client(url).ask(
      'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
    );
    client = new Client(url).as(data.logIn.accessToken);
  });
  afterAll(() => started.stop());

  it('follows a range of a year', async () => {
    const day = (ago: number) => new Date(Date.now() - ago * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const { body } = await client.post(
      'query ($range: DateRangeInput!) { organization { accounts { metricsDaily(range: $range) { date } } } }',
      { range: { start: day(366), end: day(1) } },
    );
    const { actual, estimated } = body.extensions.cost;
    expect(actual).toBeGreaterThan(1_000);
    expect(estimated).toBeGreaterThanOrEqual(actual);
  });

  it('is never more than its estimate', async () => {
    const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
    const random = seededRandom(27);
    const seen = { answered: 0, actual: 0, estimated: 0 };
    for (let at = 0; at < OPERATIONS; at += 1) {
      const { query, variables } = generateOperation(schema, random, true);
      const { body } = await client.post(query, variables);
      const { cost } = body.extensions ?? {};
      if (!cost) continue;
      if (cost.actual > cost.estimated) expect({ query, variables, cost }).toBe('within its estimate');
      seen.answered += 1;
      seen.actual += cost.actual;
      seen.estimated += cost.estimated;
    }
    process.stdout.write(`Cost of generated queries to the demo: ${JSON.stringify(seen)}\n`);
    expect(seen.answered).toBeGreaterThan(OPERATIONS / 4);
    expect(seen.actual).toBeGreaterThan(OPERATIONS);
  });
});
