import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { findEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { freePort, newFolder, startProcess } from './start-process.js';

/** As often as the jobs that run each minute. */
const WINDOW_MS = 60_000;
/** Behind the welcome, the demo still fills; and some windows have the jobs of an hour in them. */
const WINDOWS = 5;
const MOST_A_SECOND = 5;

/** Returns the beginnings of statements in a log of PostgreSQL, with how often each was sent, the most frequent first. */
function statementsIn(log: string): [string, number][] {
  const counts = new Map<string, number>();
  for (const [, text = ''] of log.matchAll(/LOG: {2}(?:execute [^:]+|statement): (?=((?:.*\n?){3}))/g)) {
    const beginning = text.replace(/\s+/g, ' ').trim().slice(0, 100);
    counts.set(beginning, (counts.get(beginning) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one);
}

it('sends few statements while nobody asks anything', async () => {
  const [port, simulatorPort, cwd] = [await freePort(), await freePort(), newFolder()];
  const environment = { PORT: String(port), SIMULATOR_PORT: String(simulatorPort) };
  const gateway = await startProcess('gateway/main.js', [], { cwd, environment, readyWhen: /is ready/ });
  const dataDir = join(cwd, '.data');
  const client = new pg.Client({ connectionString: await findEmbeddedPostgres(dataDir) });
  await client.connect();
  await client.query("ALTER SYSTEM SET log_statement = 'all'");
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  const file = join(dataDir, 'postgres.log');
  let quietest: [string, number][] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (let window = 0; window < WINDOWS && fewest >= MOST_A_SECOND; window += 1) {
    const start = statSync(file).size;
    await wait(WINDOW_MS);
    const statements = statementsIn(readFileSync(file).subarray(start).toString('utf8'));
    const count = statements.reduce((sum, [, times]) => sum + times, 0);
    const aSecond = count / (WINDOW_MS / 1_000);
    // A log without any would be no proof.
    expect(count).toBeGreaterThan(30);
    if (aSecond >= fewest) continue;
    fewest = aSecond;
    quietest = statements;
  }
  process.stdout.write(`Idle: ${fewest.toFixed(2)} statements a second.\n`);
  expect(fewest < MOST_A_SECOND ? [] : quietest).toEqual([]);
  await gateway.stop();
}, 600_000);
