import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { Client } from './client.js';
import { everyTransport, type OpenTransport, openTransport, type Transport } from './open-transport.js';

const DASHBOARD = '{ me { id organization { name connections { status } subscription { status } } } providers { id } }';
const CLIENTS = 6;
/** Requests of each client before, during and after an outage. */
const ROUNDS = 10;
/** Three questions to a Redis that is silent, and room for a slow machine: far below any client's patience. */
const BOUND_MS = 10_000;

describe.each<[Transport]>(everyTransport.map((transport) => [transport]))(
  'a gateway (%s) whose Redis goes away under load',
  (way) => {
    const whenRedis = hasRedisServer ? it : it.skip;
    let redis: OwnRedis;
    let wire: TcpProxy;
    let transport: OpenTransport;
    const people: Client[] = [];
    const table: string[] = [];

    beforeAll(async () => {
      if (!hasRedisServer) return;
      redis = await startOwnRedis();
      wire = await startTcpProxy(redis.port);
      transport = await openTransport(way, { REDIS_URL: `redis://127.0.0.1:${wire.port}` });
      for (let count = 0; count < CLIENTS; count += 1)
        people.push((await new Client(transport.url).signUp('Person')).client);
    });
    afterAll(async () => {
      if (!hasRedisServer) return;
      await transport.close();
      await wire.close();
      await redis.close();
      process.stdout.write(`${table.join('\n')}\n`);
    });

    /** Whether what the gateway caches reaches Redis. */
    async function isBack(what: string): Promise<boolean> {
      await transport.base.cache.namespace('probe').set(what, 1, 60_000);
      return redis.holds(`probe:${what}`);
    }

    async function load(): Promise<{ failed: number; slowestMs: number }> {
      let [failed, slowestMs] = [0, 0];
      const session = async (client: Client) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const begin = Date.now();
          const { status, errors } = await client.ask(DASHBOARD);
          if (status !== 200 || errors) failed += 1;
          slowestMs = Math.max(slowestMs, Date.now() - begin);
        }
      };
      await Promise.all(people.map(session));
      return { failed, slowestMs };
    }

    whenRedis.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
      ['killed', () => redis.kill(), () => redis.restart()],
      ['stopped', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
      ['cut off', () => wire.cut(), () => wire.mend()],
      ['slowed down to 200 ms', () => wire.slow(200), () => wire.mend()],
      ['slowed down to 2 s', () => wire.slow(2_000), () => wire.mend()],
    ])('fails no request and hangs none while it is %s, and afterwards', async (what, harm, heal) => {
      const under = load();
      await harm();
      const phases = [await under, await load()];
      await heal();
      phases.push(await load());
      await eventually('Redis is used again', () => isBack(what));
      const failed = phases.reduce((sum, phase) => sum + phase.failed, 0);
      const slowestMs = Math.max(...phases.map((phase) => phase.slowestMs));
      table.push(`| ${way} | Redis ${what} | ${phases.length * CLIENTS * ROUNDS} requests | ${failed} failed |`);
      expect(failed).toBe(0);
      expect(slowestMs).toBeLessThan(BOUND_MS);
    });
  },
);

(hasRedisServer ? describe : describe.skip)('what was decided while Redis was away (needs redis-server)', () => {
  it('stands when it is back: a session that ended stays ended, and limits held all the time', async () => {
    const redis = await startOwnRedis();
    const wire = await startTcpProxy(redis.port);
    const environment = { REDIS_URL: `redis://127.0.0.1:${wire.port}`, RATE_LIMIT_ANONYMOUS: '5' };
    const transport = await openTransport('in-process', environment);
    try {
      await eventually('requests are counted in Redis', () => transport.base.requestLimits.mode() === 'redis');
      const { client } = await new Client(transport.url).signUp('Leaver');
      // From now on the session is remembered in Redis.
      expect((await client.ask('{ me { id } }')).status).toBe(200);
      wire.cut();
      expect((await client.ask('mutation { logOut }')).data).toEqual({ logOut: true });
      expect((await client.ask('{ me { id } }')).code).toBe('UNAUTHENTICATED');
      const statuses: number[] = [];
      for (let time = 0; time < 6; time += 1)
        statuses.push((await new Client(transport.url).ask('{ me { id } }')).status);
      // Requests with credentials that no longer hold are counted by themselves.
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
      wire.mend();
      const onRedis = async () => {
        await transport.base.cache.namespace('probe').set('probe', 1, 60_000);
        return redis.holds('probe:probe');
      };
      await eventually('Redis is used again', onRedis);
      expect((await client.ask('{ me { id } }')).code).toBe('UNAUTHENTICATED');
    } finally {
      await transport.close();
      await wire.close();
      await redis.close();
    }
  });
});
