import { randomUUID } from 'node:crypto';
import { createClient } from '@keyv/redis';
import { beforeGoLive, type Check, type CheckContext, reasonOf } from './check.js';
import { type Finding, ok, problem, warning } from './finding.js';

const TIMEOUT_MS = 3_000;
const PROBE_SECONDS = 60;

type Client = ReturnType<typeof openClient>;

function openClient(url: string) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: TIMEOUT_MS },
    socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false },
  });
  return client;
}

/** Runs `work` on a connection of its own. */
export async function withRedis<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = openClient(url);
  let first: unknown;
  // Said here only: the call that fails because of it knows no more than that the client is closed.
  client.on('error', (error) => {
    first ??= error;
  });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw first ?? error;
  } finally {
    client.destroy();
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

async function look(client: Client, url: string): Promise<Finding[]> {
  const server = await client.info('server');
  const memory = await client.info('memory').catch(() => '');
  const findings = [
    ok(`Redis ${field(server, 'redis_version') ?? 'of unknown version'} at ${new URL(url).host}`),
    await tryRights(client),
  ];
  const policy = field(memory, 'maxmemory_policy');
  if (policy === 'noeviction' && field(memory, 'maxmemory') !== '0') {
    findings.push(
      warning('Redis refuses to write once it is full (noeviction)', 'Set its maxmemory-policy to allkeys-lru.'),
    );
  } else if (policy === 'noeviction') {
    findings.push(
      warning('Redis may take all the memory there is', 'Set its maxmemory, and maxmemory-policy to allkeys-lru.'),
    );
  }
  return findings;
}

function withoutRedis(context: CheckContext): Finding[] {
  const { subgraphUrls, gatewayUrl } = context.config;
  if (Object.keys(subgraphUrls).length === 0 && !gatewayUrl) return [ok('Not used: caches are in memory')];
  const message = 'Several processes run without a common cache: limits count per process, and a log-out lags behind';
  return [beforeGoLive(context, message, 'Set REDIS_URL.')];
}

/** The caches. */
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
