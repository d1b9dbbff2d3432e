import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signInPeople } from '#ops/bench/dashboard-people.js';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import { round, type Waiting, waitingOf } from '#ops/bench/statistics.js';
import type { HttpClient } from '#runtime/http/http-client.js';

const LOGINS_AT_ONCE = 20;
const IDLE_MS = 3_000;
const LOADED_MS = 10_000;
const POLL = fileURLToPath(new URL('../operations/poll-health.js', import.meta.url));
const LOG_IN = JSON.stringify({
  query: 'mutation { logIn(email: "owner-1@example.com", password: "correct horse battery") { accessToken } }',
});

const run = promisify(execFile);

/** How fast people sign in, and whether everybody else waits for it. */
export interface LoginFigures {
  atOnce: number;
  loginsPerSecond: number;
  health: { idle: Waiting; loaded: Waiting };
}

async function poll(url: string, durationMs: number): Promise<Waiting> {
  const { stdout } = await run(process.execPath, [POLL, url, String(durationMs)], { maxBuffer: 16_000_000 });
  return waitingOf(JSON.parse(stdout) as number[]);
}

/** Signs in again and again, twenty at a time, and asks for `/health` from another process meanwhile. */
export async function measureLogins(http: HttpClient, gateway: GatewayProcess, scale: number): Promise<LoginFigures> {
  const { url, healthUrl } = gateway;
  await signInPeople(http, url, 1);
  const idle = await poll(healthUrl, IDLE_MS * scale);
  let isOn = true;
  let logins = 0;
  const logInAgainAndAgain = async () => {
    while (isOn) {
      const headers = { 'content-type': 'application/json' };
      const { body } = await http.send({ method: 'POST', url: `${url}/graphql`, isOurs: true, headers, body: LOG_IN });
      if (!body.includes('"accessToken"')) throw new Error(`A log-in was answered ${body}`);
      logins += 1;
    }
  };
  const startedAt = performance.now();
  const all = Promise.all(Array.from({ length: LOGINS_AT_ONCE }, logInAgainAndAgain));
  const loaded = await poll(healthUrl, LOADED_MS * scale).finally(() => {
    isOn = false;
  });
  await all;
  const loginsPerSecond = round((1_000 * logins) / (performance.now() - startedAt), 1);
  return { atOnce: LOGINS_AT_ONCE, loginsPerSecond, health: { idle, loaded } };
}
