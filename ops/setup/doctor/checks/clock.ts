import { ask, type Check, type CheckContext } from '#ops/setup/doctor/check.js';
import { withDatabase } from '#ops/setup/doctor/database-session.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { providerKeys } from '#ops/setup/provider-keys.js';
import { withRedis } from './redis.js';

/** Internal tokens are valid for a minute: more skew breaks them. */
const TOO_FAR_MS = 30_000;
const FAR_MS = 3_000;

/** Returns how far this clock is ahead of another one. */
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
  // HTTP dates are cut to the second.
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

/** Returns the finding for a clock skew. */
export function judge(whose: string, aheadMs: number): Finding {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  const message = `This clock is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  const advice = 'Let both machines keep their time by NTP.';
  if (Math.abs(aheadMs) > TOO_FAR_MS) return problem(message, advice);
  return Math.abs(aheadMs) > FAR_MS ? warning(message, advice) : ok(`It agrees with that of ${whose}`);
}

export const clock: Check = {
  name: 'Clock',
  run: async (context) => {
    const findings = await Promise.all(
      others(context).map(async ([whose, readTheirs]): Promise<Finding[]> => {
        try {
          const ahead = await aheadOf(readTheirs);
          return Number.isFinite(ahead) ? [judge(whose, ahead)] : [];
        } catch {
          // Reported by the check of that service.
          return [];
        }
      }),
    );
    return findings.flat();
  },
};
