import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { measureChecks } from './access/access-checks.js';
import { measureLogins } from './access/access-logins.js';
import { openBenchPlatform } from './bench-platform.js';
import { LongTimeoutHttpClient, openBenchSite } from './bench-site.js';
import { type Compared, figuresOf, tableOf } from './report.js';
import { round } from './statistics.js';

// `npm run bench:access [-- --scale 0.2] [checks|logins …]`: the cost of authentication and permissions, and whether
// logins, slow on purpose, delay other requests.

const PACE = { rounds: 15, roundMs: 500, concurrency: 8 };
const ORGANIZATIONS = 8;

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);
const { flags, words } = readCommandLine({ scale: { type: 'string' } });
const scale = Number(flags.scale ?? 1);
const parts = new Set(words.length > 0 ? words : ['checks', 'logins']);

async function checks(lifecycle: Lifecycle) {
  const platform = await openBenchPlatform(lifecycle, logger);
  const pace = { ...PACE, rounds: Math.max(3, Math.round(PACE.rounds * scale)) };
  const { authenticationUs, shield, share } = await measureChecks(platform, pace, ORGANIZATIONS);
  const compared: Compared = {
    title: 'Dashboard, provider answers replayed',
    names: ['rulesOn', 'rulesOff'],
    ...shield,
  };
  print(tableOf([compared]));
  print(`Authentication: ${authenticationUs.p50} µs per request (p99 ${authenticationUs.p99} µs).`);
  print(`Authentication and permissions together: ${round(share * 100, 1)} % of a dashboard query.\n`);
  return { authenticationUs, share, ...figuresOf(compared) };
}

async function logins(lifecycle: Lifecycle) {
  const site = await openBenchSite(lifecycle);
  const http = new LongTimeoutHttpClient();
  lifecycle.onClose('HTTP client', () => http.close());
  const figures = await measureLogins(http, await site.startGateway('nothing'), scale);
  const { atOnce, loginsPerSecond, health } = figures;
  print(`${atOnce} log-ins at once: ${loginsPerSecond} a second (bcrypt, cost 12).`);
  print(
    `/health meanwhile: p50 ${health.loaded.p50Ms} ms, p99 ${health.loaded.p99Ms} ms (idle ${health.idle.p99Ms} ms).\n`,
  );
  return figures;
}

const lifecycle = new Lifecycle(logger);
await lifecycle
  .run(async () => {
    const [loadBefore = 0] = loadavg();
    const ofChecks = parts.has('checks') ? await checks(lifecycle) : undefined;
    const ofLogins = parts.has('logins') ? await logins(lifecycle) : undefined;
    const ratios = {
      ...(ofChecks && { rulesOnVsOff: ofChecks.ratio }),
      ...(ofLogins && { healthP99LoadedVsIdle: round(ofLogins.health.loaded.p99Ms / ofLogins.health.idle.p99Ms, 1) }),
    };
    const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
    print(JSON.stringify({ bench: 'access', ratios, figures: { machine, checks: ofChecks, logins: ofLogins } }));
    await lifecycle.close();
  })
  .catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
