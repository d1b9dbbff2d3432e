import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { testSealers } from '#ops/testing/test-sealers.js';
import { createLogger } from '#runtime/log/logger.js';
import { type Cache, openCache } from './cache.js';

const MINUTE_MS = 60_000;
const sealerOf = testSealers();
const quiet = createLogger({ level: 'silent', isPretty: false });

(hasRedisServer ? describe : describe.skip)('the cache, when Redis goes away and returns (needs redis-server)', () => {
  let redis: OwnRedis;
  let wire: TcpProxy;
  const caches: Cache[] = [];
  const messages: string[] = [];

  /** A process' cache: through the wire that can be damaged, or past it. */
  function open(port = wire.port): Cache {
    const note = (...args: unknown[]) => void messages.push(String(args.at(-1)));
    const redisUrl = `redis://127.0.0.1:${port}`;
    const cache = openCache({ redisUrl, sealerOf, logger: { ...quiet, warn: note, info: note } });
    caches.push(cache);
    return cache;
  }
  /** The same, once it reaches Redis: on a busy machine the first attempt may take too long. */
  async function openWell(port = wire.port): Promise<Cache> {
    const cache = open(port);
    const name = `of ${caches.length}`;
    await eventually('a cache reaches Redis', async () => {
      await cache.namespace('probe').set(name, 1, MINUTE_MS);
      return redis.holds(`probe:${name}`);
    });
    messages.length = 0;
    return cache;
  }
  const isReady = (cache: Cache) => succeeds(cache.checkReady());
  const isBack = () => messages.includes('Redis is back');

  beforeEach(async () => {
    redis = await startOwnRedis();
    wire = await startTcpProxy(redis.port);
    messages.length = 0;
  });
  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    redis.signal('SIGCONT');
    await wire.close();
    await redis.close();
  });

  type Outage = [name: string, harm: () => Promise<void> | void, heal: () => Promise<void> | void];
  const outages: Outage[] = [['killed', () => redis.kill(), () => redis.restart()]];
  const otherOutages: Outage[] = [
    ['stopped', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
    ['cut off', () => wire.cut(), () => wire.mend()],
    ['silent', () => wire.hang(), () => wire.mend()],
    ['too slow', () => wire.slow(2_000), () => wire.mend()],
  ];
  const goesOnInMemory = async (_name: string, harm: Outage[1], heal: Outage[2]) => {
    const things = (await openWell()).namespace('things');
    await things.set('before', 1, MINUTE_MS);
    expect(await things.get('before')).toBe(1);
    await harm();
    const many = Array.from({ length: 200 }, (_, number) => String(number));
    // What hangs would do so until it is healed.
    await Promise.all(many.map((key) => things.set(key, key, MINUTE_MS)));
    expect(await Promise.all(many.map((key) => things.get(key)))).toEqual(many);
    await heal();
    await eventually('Redis is used again', isBack);
    await things.set('after', 2, MINUTE_MS);
    expect(await redis.holds('things:after')).toBe(true);
    expect(messages).toEqual(['Redis is away: caching in memory until it is back', 'Redis is back']);
  };
  it.each(outages)('goes on in memory while it is %s, never hangs, and is back by itself', goesOnInMemory);
  itInDrills.each(otherOutages)('goes on in memory while it is %s, never hangs, and is back by itself', goesOnInMemory);

  it('revives no value that a process without Redis deleted or replaced', async () => {
    const elsewhere = (await openWell(redis.port)).namespace('things');
    const here = (await openWell()).namespace('things');
    await here.set('deleted', 'old', MINUTE_MS);
    await here.set('replaced', 'old', MINUTE_MS);
    expect(await elsewhere.get('deleted')).toBe('old');
    wire.cut();
    await here.delete('deleted');
    await here.set('replaced', 'new', MINUTE_MS);
    wire.mend();
    await eventually('Redis is used again', isBack);
    expect([await elsewhere.get('deleted'), await elsewhere.get('replaced')]).toEqual([undefined, undefined]);
    expect([await here.get('deleted'), await here.get('replaced')]).toEqual([undefined, undefined]);
    await here.set('shared', 'again', MINUTE_MS);
    expect(await elsewhere.get('shared')).toBe('again');
  });

  itInDrills('ignores late writes to a Redis that was paused', async () => {
    const things = (await openWell()).namespace('things');
    await things.set('session', 'first', MINUTE_MS);
    redis.signal('SIGSTOP');
    // Sent to the stopped Redis, which will carry them out when it goes on.
    await things.set('session', 'stale', MINUTE_MS);
    await things.delete('session');
    redis.signal('SIGCONT');
    await eventually('Redis is used again', isBack);
    expect(await things.get('session')).toBeUndefined();
    expect(await (await openWell(redis.port)).namespace('things').get('session')).toBeUndefined();
  });

  it('keeps the values in Redis when nothing was changed meanwhile', async () => {
    const things = (await openWell()).namespace('things');
    await things.set('kept', 1, MINUTE_MS);
    wire.cut();
    expect(await things.get('kept')).toBeUndefined();
    wire.mend();
    await eventually('Redis is used again', isBack);
    expect(await things.get('kept')).toBe(1);
  });

  it('shares one Redis among processes that start at the same time', async () => {
    const opened = Array.from({ length: 8 }, () => open(redis.port));
    const many = opened.map((cache) => cache.namespace('things'));
    await Promise.all(many.map((things, number) => things.set(`of ${number}`, number, MINUTE_MS)));
    for (const cache of opened) await eventually('it reaches Redis', () => isReady(cache));
    // The first to come may have begun an epoch each; from now on there is one.
    await Promise.all(many.map((things) => things.get('settled')));
    await many[0]!.set('shared', 'by all', MINUTE_MS);
    const seen = await Promise.all(many.map((things) => things.get('shared')));
    expect(seen).toEqual(many.map(() => 'by all'));
  });

  describe('whose content another can read and write', () => {
    let intruder: ReturnType<typeof createClient>;
    const keyOf = async (ending: string) => (await intruder.keys(`*${ending}`))[0] as string;
    beforeEach(async () => {
      intruder = createClient({ url: redis.url });
      await intruder.connect();
    });
    afterEach(() => intruder.destroy());

    it('reveals no value', async () => {
      const cache = await openWell();
      await cache.namespace('things').set('a', 'a secret verifier', MINUTE_MS);
      await cache.atomicStore('counts').update('a', () => ({ value: 'a secret count', ttlMs: MINUTE_MS }));
      const values = await Promise.all((await intruder.keys('*:a')).map((key) => intruder.get(key)));
      expect(values).toHaveLength(2);
      for (const value of values) expect(value).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
    });

    it('has no value that was invented, copied from another key, or changed', async () => {
      const cache = await openWell();
      const things = cache.namespace('things');
      await things.set('theirs', 'role of theirs', MINUTE_MS);
      await things.set('ours', 'role of ours', MINUTE_MS);
      const [theirs, ours] = [await keyOf('things:theirs'), await keyOf('things:ours')];
      const sealed = (await intruder.get(theirs)) as string;
      const invented = JSON.stringify({ value: 'OWNER', expires: Date.now() + MINUTE_MS });
      const middle = Math.floor(sealed.length / 2);
      const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
      for (const forged of [invented, sealed, changed, '', 'v1.00000000.AAAA', 'chunks nothing 3']) {
        await intruder.set(ours, forged);
        expect(await things.get('ours')).toBeUndefined();
      }
      await intruder.set(ours.replace('things:', 'others:'), sealed);
      expect(await cache.namespace('others').get('ours')).toBeUndefined();
      expect(messages).toEqual(['Redis has a value that is not ours']);
    });

    it('has no value longer than its time, even if it is put back', async () => {
      const things = (await openWell()).namespace('things');
      let [key, sealed] = ['', ''];
      await eventually('it is copied in its time', async () => {
        await things.set('brief', 'OWNER', 300);
        key = (await keyOf('things:brief')) ?? '';
        sealed = (await intruder.get(key)) ?? '';
        return sealed !== '';
      });
      await eventually('it has expired', async () => (await intruder.get(key)) === null);
      await intruder.set(key, sealed);
      expect(await things.get('brief')).toBeUndefined();
    });

    it('has values of at most 64 KiB: longer ones are in parts, and very long ones are not kept', async () => {
      const things = (await openWell()).namespace('things');
      const long = { text: 'ä'.repeat(100_000), rows: Array.from({ length: 20_000 }, (_, index) => index) };
      await things.set('long', long, MINUTE_MS);
      expect(await things.get('long')).toEqual(long);
      const keys = await intruder.keys('*things:long*');
      expect(keys.length).toBeGreaterThan(3);
      const lengths = await Promise.all(keys.map((key) => intruder.strLen(key)));
      expect(Math.max(...lengths)).toBeLessThanOrEqual(64 * 1024);

      await things.set('long', 'x'.repeat(5 * 1024 * 1024), MINUTE_MS);
      expect(await things.get('long')).toBeUndefined();
    });

    it('has no long value of which a part is missing, or another’s', async () => {
      const things = (await openWell()).namespace('things');
      await things.set('one', '1'.repeat(200_000), MINUTE_MS);
      await things.set('other', '2'.repeat(200_000), MINUTE_MS);
      const partOf = async (name: string) => (await intruder.keys(`*things:${name} chunk * 1`))[0] as string;
      await intruder.set(await partOf('one'), (await intruder.get(await partOf('other'))) as string);
      expect(await things.get('one')).toBeUndefined();
      await intruder.del(await partOf('other'));
      expect(await things.get('other')).toBeUndefined();
    });
  });

  it('loses one value, and no other, when Redis was busy for a moment', async () => {
    const here = (await openWell()).namespace('things');
    const elsewhere = (await openWell(redis.port)).namespace('things');
    await here.set('consent', 'of another organization', MINUTE_MS);
    await here.set('replaced', 'old', MINUTE_MS);
    wire.slow(350);
    await here.set('replaced', 'new', MINUTE_MS);
    wire.mend();
    await eventually('the unconfirmed change is undone', async () => !(await redis.holds('things:replaced')));
    expect(await elsewhere.get('replaced')).toBeUndefined();
    expect(await here.get('consent')).toBe('of another organization');
    expect(messages).toEqual([]);
  });

  it('goes on without writing while Redis is full, and keeps no outdated value', async () => {
    const things = (await openWell(redis.port)).namespace('things');
    await things.set('replaced', 'old', MINUTE_MS);
    const operator = createClient({ url: redis.url });
    await operator.connect();
    await operator.configSet({ 'maxmemory-policy': 'noeviction', maxmemory: '1' });
    await things.set('replaced', 'new', MINUTE_MS);
    await eventually('the old value is gone', async () => !(await redis.holds('things:replaced')));
    await operator.configSet({ maxmemory: '0' });
    operator.destroy();
    await things.set('after', 1, MINUTE_MS);
    expect(await redis.holds('things:after')).toBe(true);
    expect(messages).toEqual([]);
  });
});
