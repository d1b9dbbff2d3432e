import { randomUUID } from 'node:crypto';
import { createClient } from '@keyv/redis';
import { beforeGoLive, type Check, type CheckContext, isLoopback, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { reasonOf } from '#runtime/log/reason-of.js';

const PROBE_SECONDS = 60;

type Client = ReturnType<typeof openClient>;

function openClient(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: serviceTimeoutMs() },
    socket: { connectTimeout: serviceTimeoutMs(), reconnectStrategy: false },
  });
}

/** Runs `work` on a connection; the client itself has no limit for signing in. */
export async function withRedis<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = openClient(url);
  // An error event without a listener ends the process.
  client.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it does not answer')), serviceTimeoutMs());
  });
  try {
    const connected = client.connect();
    connected.catch(() => {});
    await Promise.race([connected, late]);
    return await Promise.race([work(client), late]);
  } finally {
    clearTimeout(timer);
    late.catch(() => {});
    if (client.isOpen) client.destroy();
  }
}

async function tryRights(client: Client): Promise<Finding> {
  const key = `webmetrics doctor ${randomUUID()}`;
  try {
    await client.set(key, 'probe', { EX: PROBE_SECONDS });
    const value = await client.get(key);
    await client.del(key);
    if (value !== 'probe') throw new Error('what was written could not be read');
    return ok('May write, read and delete');
  } catch (error) {
    return problem(`May not write, read and delete (${reasonOf(error)})`, 'Give the user of REDIS_URL these commands.');
  }
}

const field = (text: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1];

/** Values are sealed; they can still be deleted, put back, and counts of requests reset. */
function judgeAccess(url: string): Finding[] {
  const { password, protocol } = new URL(url);
  const findings: Finding[] = [];
  if (!password) {
    const advice = 'Set its requirepass (or an ACL user), and the password in REDIS_URL.';
    findings.push(warning('Redis requires no password: every program that reaches it can empty the cache', advice));
  } else if (protocol === 'redis:' && !isLoopback(url)) {
    const advice = 'Keep it in a network of its own, or use rediss://.';
    findings.push(warning('The password of Redis crosses the network in clear', advice));
  }
  return findings;
}

/** Everything but the cache's epoch expires: with `volatile-lru` that one is never evicted. */
function judgeEviction(memory: string): Finding[] {
  const policy = field(memory, 'maxmemory_policy');
  const advice = 'Set its maxmemory, and maxmemory-policy to volatile-lru.';
  if (policy && field(memory, 'maxmemory') === '0') return [warning('Redis may take all the memory there is', advice)];
  if (policy === 'noeviction') return [warning('Redis refuses to write once it is full (noeviction)', advice)];
  if (policy?.startsWith('allkeys-')) {
    return [warning(`Redis may evict what keeps the cache consistent (${policy}), which empties it`, advice)];
  }
  return [];
}

async function look(client: Client, url: string): Promise<Finding[]> {
  const server = await client.info('server');
  const memory = await client.info('memory').catch(() => '');
  const findings = [
    ok(`Redis ${field(server, 'redis_version') ?? 'of unknown version'} at ${new URL(url).host}`),
    await tryRights(client),
  ];
  return [...findings, ...judgeAccess(url), ...judgeEviction(memory)];
}

function withoutRedis(context: CheckContext): Finding[] {
  const { subgraphUrls, gatewayUrl } = context.config;
  if (Object.keys(subgraphUrls).length === 0 && !gatewayUrl) return [ok('Not used: caches are in memory')];
  const message = 'Several processes run without a common cache: limits count per process, and a log-out lags behind';
  return [beforeGoLive(context, message, 'Set REDIS_URL.')];
}

export const redis: Check = {
  name: 'Redis',
  run: async (context) => {
    const { redisUrl } = context.config;
    if (!redisUrl) return withoutRedis(context);
    try {
      return await withRedis(redisUrl, (client) => look(client, redisUrl));
    } catch (error) {
      const advice = /WRONGPASS|NOAUTH/.test(reasonOf(error))
        ? 'Correct the user or the password in REDIS_URL.'
        : 'Start Redis there, or correct REDIS_URL.';
      return [problem(`${new URL(redisUrl).host} cannot be used (${reasonOf(error)})`, advice)];
    }
  },
};
