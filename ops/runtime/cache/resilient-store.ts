import { randomUUID } from 'node:crypto';
import type KeyvRedis from '@keyv/redis';
import type { KeyvStoreAdapter } from 'keyv';
import type { Logger } from '#runtime/log/logger.js';
import type { CompareAndSwapStore, StoredValue } from './atomic-store.js';
import { CHUNK_LENGTH, chunkKeysIn, splitValue } from './chunks.js';
import { MAX_VALUE_LENGTH, MemoryStore } from './memory-store.js';
import { RedisAway, type RedisClient, RedisCommandFailed, RedisLink } from './redis-link.js';
import { openText, type SealerOf, sealText } from './sealed-text.js';

const EPOCH_KEY = 'webmetrics:cache-epoch';
const MAX_EPOCH_CHANGES = 5;
/** Keys per step of a scan, during which Redis is blocked. */
const SCAN_COUNT = 1_000;
/** For values without one: those of an ended epoch must expire. */
const LONGEST_TTL_MS = 24 * 60 * 60 * 1000;

// `before` is empty for no value: no stored value is.
const COMPARE_AND_SWAP = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/**
 * Redis while it answers, memory while it does not. A process that changed something while it could not reach Redis begins a
 * new epoch when it is back: every key belongs to one, so that outdated values vanish for all processes (decision 0020). A
 * change without a reply from a Redis that is there deletes its key instead. Values are sealed: what another wrote or copied
 * to Redis is not a value (decision 0046).
 */
export class ResilientStore implements KeyvStoreAdapter, CompareAndSwapStore {
  readonly opts = {};
  readonly #link: RedisLink;
  readonly #memory = new MemoryStore();
  #redis: KeyvRedis<string> | undefined;
  #KeyvRedis: typeof KeyvRedis | undefined;
  #epoch = '';
  readonly #logger: Logger;
  readonly #sealerOf: SealerOf;
  /** Whether a change may be missing in Redis. */
  #hasMissedChange = false;
  #hasWarned = false;

  constructor({ url, logger, sealerOf }: { url: string; logger: Logger; sealerOf: SealerOf }) {
    this.#logger = logger;
    this.#sealerOf = sealerOf;
    const prepare = async (client: RedisClient) => {
      this.#KeyvRedis ??= (await import('@keyv/redis')).default;
      await this.#catchUp(client);
    };
    this.#link = new RedisLink({ url, logger, meanwhile: 'caching in memory', prepare });
  }

  on(): this {
    return this;
  }

  async checkReady(): Promise<void> {
    await this.#link.run((client) => client.ping());
  }

  async #catchUp(client: RedisClient): Promise<void> {
    if (!this.#hasMissedChange) return;
    this.#hasMissedChange = false;
    await this.#memory.clear();
    await this.#beginEpoch(client);
  }

  async #beginEpoch(client: RedisClient): Promise<void> {
    // Set before it is sent, as commands that follow on this connection belong to it.
    this.#epoch = randomUUID();
    try {
      await client.set(EPOCH_KEY, this.#epoch);
    } catch (error) {
      this.#hasMissedChange = true;
      throw error;
    }
  }

  #storeOn(client: RedisClient): KeyvRedis<string> {
    if (this.#redis?.client === client) return this.#redis;
    if (!this.#KeyvRedis) throw new RedisAway();
    // The link reports errors of its connection.
    const redis = new this.#KeyvRedis<string>(client, { throwOnErrors: true });
    redis.on('error', () => {});
    this.#redis = redis;
    return redis;
  }

  /** Runs a command on a key of the current epoch, and again if another epoch has begun meanwhile. */
  async #inRedis<T>(key: string, command: (redis: KeyvRedis<string>, key: string) => Promise<T>): Promise<T> {
    let isLate = false;
    const inEpoch = async (client: RedisClient) => {
      for (let change = 0; change < MAX_EPOCH_CHANGES && !isLate; change += 1) {
        await this.#catchUp(client);
        const epoch = this.#epoch;
        const sent = [command(this.#storeOn(client), `${epoch}:${key}`), client.get(EPOCH_KEY)] as const;
        const [reply, present] = await Promise.all(sent);
        if (present === epoch) return reply;
        if (present) this.#epoch = present;
        // Redis is empty.
        else await this.#beginEpoch(client);
      }
      throw new Error('The cache in Redis keeps being emptied');
    };
    try {
      return await this.#link.run(inEpoch);
    } finally {
      isLate = true;
    }
  }

  async #readParts(keys: string[]): Promise<string | undefined> {
    const parts: string[] = [];
    for (const key of keys) {
      const part = await this.#inRedis(key, (redis, name) => redis.get(name));
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return parts.join('');
  }

  #open(key: string, sealed: string): string | undefined {
    try {
      return openText(this.#sealerOf, key, sealed);
    } catch (err) {
      if (!this.#hasWarned) this.#logger.warn({ err, cache: key.split(':')[0] }, 'Redis has a value that is not ours');
      this.#hasWarned = true;
      return undefined;
    }
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    try {
      const stored = await this.#inRedis(key, (redis, name) => redis.get(name));
      if (stored === undefined) return undefined;
      const parts = chunkKeysIn(key, stored);
      const sealed = parts ? await this.#readParts(parts) : stored;
      return sealed === undefined ? undefined : (this.#open(key, sealed) as Value | undefined);
    } catch {
      return this.#memory.get<Value>(key);
    }
  }

  async read(key: string): Promise<StoredValue> {
    try {
      const stored = await this.#inRedis(key, (redis, name) => redis.get(name));
      return { value: stored === undefined ? undefined : this.#open(key, stored), version: stored };
    } catch {
      return this.#memory.read(key);
    }
  }

  /**
   * Deletes a key whose change was sent and not confirmed: what comes later on this connection is executed later. Its value
   * in memory stands in until then.
   */
  async #forgetUnconfirmed(key: string): Promise<void> {
    try {
      await this.#link.send((client) => client.unlink(`${this.#epoch}:${key}`));
      await this.#memory.delete(key);
    } catch {
      this.#hasMissedChange = true;
    }
  }

  async #change<T>(key: string, inRedis: () => Promise<T>, inMemory: () => T | Promise<T>): Promise<T> {
    try {
      return await inRedis();
    } catch (error) {
      if (error instanceof RedisCommandFailed) void this.#forgetUnconfirmed(key);
      else this.#hasMissedChange = true;
      return inMemory();
    }
  }

  /** Values longer than MAX_VALUE_LENGTH are not stored. */
  async set(key: string, value: string, ttl = LONGEST_TTL_MS): Promise<void> {
    if (value.length > MAX_VALUE_LENGTH) return void (await this.delete(key));
    const sealed = sealText(this.#sealerOf, key, value, ttl);
    const store = (name: string, text: string) => this.#inRedis(name, (redis, full) => redis.set(full, text, ttl));
    await this.#change<unknown>(
      key,
      async () => {
        if (sealed.length <= CHUNK_LENGTH) return store(key, sealed);
        const { manifest, parts } = splitValue(key, sealed);
        // One by one: what others ask meanwhile is answered in between.
        for (const [name, part] of parts) await store(name, part);
        return store(key, manifest);
      },
      () => this.#memory.set(key, value, ttl),
    );
  }

  /** While Redis is away values are those of this process, and changing them begins no epoch. */
  async compareAndSwap(key: string, version: string | undefined, after: string, ttlMs: number): Promise<boolean> {
    const sealed = sealText(this.#sealerOf, key, after, ttlMs);
    const values = [version ?? '', sealed, String(ttlMs)];
    try {
      const swapped = await this.#inRedis(key, (redis, name) =>
        (redis.client as RedisClient).eval(COMPARE_AND_SWAP, { keys: [name], arguments: values }),
      );
      return swapped === 1;
    } catch {
      return this.#memory.compareAndSwap(key, version, after, ttlMs);
    }
  }

  delete(key: string): Promise<boolean> {
    return this.#change<boolean>(
      key,
      () => this.#inRedis(key, (redis, name) => redis.delete(name)),
      () => this.#memory.delete(key),
    );
  }

  /** Deletes in all epochs, as values of ended ones are still in Redis. Rejects while Redis is away. */
  async deleteByPrefix(prefix: string): Promise<void> {
    await this.#memory.deleteByPrefix(prefix);
    const MATCH = `*:${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
    let cursor = '0';
    do {
      const step = await this.#link.run((client) => client.scan(cursor, { MATCH, COUNT: SCAN_COUNT }));
      if (step.keys.length > 0) await this.#link.run((client) => client.unlink(step.keys));
      cursor = step.cursor;
    } while (cursor !== '0');
  }

  async clear(): Promise<void> {
    try {
      await this.#link.run((client) => this.#beginEpoch(client));
    } catch {
      this.#hasMissedChange = true;
      await this.#memory.clear();
    }
  }

  async disconnect(): Promise<void> {
    this.#link.close();
  }
}
