import { ask, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { providerKeys } from '#ops/setup/provider-keys.js';
import { withRedis } from './redis.js';

/** What parts of WebMetrics say to each other is signed for a minute: further apart, they refuse one another. */
const TOO_FAR_MS = 30_000;
const FAR_MS = 3_000;

/** Asks another clock, and returns how far this one is ahead of it: positive = this one is fast. */
async function aheadOf(readTheirs: () => Promise<number>): Promise<number> {
  const before = Date.now();
  const theirs = await readTheirs();
  return (before + Date.now()) / 2 - theirs;
}

const database = (url: string) => () =>
  withDatabase(url, async (client) => {
    const { rows } = await client.query<{ now: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now');
    return Number(rows[0]?.now);
  });

const redis = (url: string) => () =>
  withRedis(url, async (client) => {
    const [seconds, microseconds] = (await client.sendCommand(['TIME'])) as unknown as [string, string];
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  });

const provider = (url: string, signal: AbortSignal) => async () => {
  const { headers } = await ask(url, signal, 'HEAD');
  // Cut to the second: half of one later, on average.
  return Date.parse(headers.get('date') ?? '') + 500;
};

function others({ databaseUrl, config, environment, signal }: CheckContext): [string, () => Promise<number>][] {
  const keys = providerKeys.find(({ clientId, clientSecret }) => environment[clientId] && environment[clientSecret]);
  const [host] = keys?.hosts ?? [];
  return [
    ...(databaseUrl ? [['PostgreSQL', database(databaseUrl)] as [string, () => Promise<number>]] : []),
    ...(config.redisUrl ? [['Redis', redis(config.redisUrl)] as [string, () => Promise<number>]] : []),
    ...(keys && host
      ? [
          [keys.name, provider(environment[host.variable] || `https://${host.host}`, signal)] as [
            string,
            () => Promise<number>,
          ],
        ]
      : []),
  ];
}

/** Returns what a difference of clocks means. */
export function judge(whose: string, aheadMs: number): Finding {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  const message = `This clock is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  const advice = 'Let both machines keep their time by NTP.';
  if (Math.abs(aheadMs) > TOO_FAR_MS) return problem(message, advice);
  return Math.abs(aheadMs) > FAR_MS ? warning(message, advice) : ok(`It agrees with that of ${whose}`);
}

/** The time of this machine, beside that of others. */
export const clock: Check = {
  name: 'Clock',
  run: async (context) => {
    const findings = await Promise.all(
      others(context).map(async ([whose, readTheirs]): Promise<Finding[]> => {
        try {
          const ahead = await aheadOf(readTheirs);
          return Number.isFinite(ahead) ? [judge(whose, ahead)] : [];
        } catch {
          // Who cannot be reached is told by the check that is about them.
          return [];
        }
      }),
    );
    return findings.flat();
  },
};
