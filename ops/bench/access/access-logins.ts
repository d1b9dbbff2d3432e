import { signInUsers } from '#ops/bench/dashboard-users.js';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import { pollHealth } from '#ops/bench/operations/operations-health.js';
import { round, type Waiting, waitingOf } from '#ops/bench/statistics.js';
import { runWhile } from '#ops/bench/workload.js';
import type { HttpClient } from '#runtime/http/http-client.js';

const LOGINS_AT_ONCE = 20;
const IDLE_MS = 3_000;
const LOADED_MS = 10_000;
const LOG_IN = JSON.stringify({
  query: 'mutation { logIn(email: "owner-1@example.com", password: "correct horse battery") { accessToken } }',
});

/** Login throughput, and the latency of `/health` meanwhile. */
export interface LoginFigures {
  atOnce: number;
  loginsPerSecond: number;
  health: { idle: Waiting; loaded: Waiting };
}

/** Logs in continuously, twenty at a time, while another process polls `/health`. */
export async function measureLogins(http: HttpClient, gateway: GatewayProcess, scale: number): Promise<LoginFigures> {
  const { url, healthUrl } = gateway;
  await signInUsers(http, url, 1);
  const idle = waitingOf(await pollHealth(healthUrl, IDLE_MS * scale));
  let isOn = true;
  const logIn = async () => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await http.send({ method: 'POST', url: `${url}/graphql`, isOurs: true, headers, body: LOG_IN });
    if (!body.includes('"accessToken"')) throw new Error(`A log-in was answered ${body}`);
  };
  const startedAt = performance.now();
  const all = runWhile(logIn, () => isOn, LOGINS_AT_ONCE);
  const loaded = await pollHealth(healthUrl, LOADED_MS * scale).finally(() => {
    isOn = false;
  });
  const loginsPerSecond = round((1_000 * (await all)) / (performance.now() - startedAt), 1);
  return { atOnce: LOGINS_AT_ONCE, loginsPerSecond, health: { idle, loaded: waitingOf(loaded) } };
}
