import { randomUUID } from 'node:crypto';
import KeyvRedis from '@keyv/redis';
import type { KeyvStoreAdapter } from 'keyv';
import type { Logger } from '#runtime/log/logger.js';
import type { CompareAndSwapStore } from './atomic-store.js';
import { MemoryStore } from './memory-store.js';
import { type RedisClient, RedisLink } from './redis-link.js';

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
 * new epoch when it is back: every key belongs to one, so that outdated values vanish for all processes (decision 0020).
 */
export class ResilientStore implements KeyvStoreAdapter, CompareAndSwapStore {
  readonly opts = {};
  readonly #link: RedisLink;
  readonly #memory = new MemoryStore();
  #redis: KeyvRedis<string> | undefined;
  #epoch = '';
  /** Whether a change may be missing in Redis. */
  #hasMissedChange = false;

  constructor(url: string, logger: Logger) {
    const prepare = (client: RedisClient) => this.#catchUp(client);
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
    // The link reports errors of its connection.
    const redis = new KeyvRedis<string>(client, { throwOnErrors: true });
    redis.on('error', () => {});
    this.#redis = redis;
    return redis;
  }

  /** Runs a command on a key of the current epoch, and again if another epoch has begun meanwhile. */
  async #inRedis<T>(key: string, command: (redis: KeyvRedis<string>, key: string) => Promise<T>): Promise<T> {
    return this.#link.run(async (client) => {
      for (let change = 0; change < MAX_EPOCH_CHANGES; change += 1) {
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
    });
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    try {
      return await this.#inRedis(key, (redis, name) => redis.get(name) as Promise<Value | undefined>);
    } catch {
      return this.#memory.get<Value>(key);
    }
  }

  async #change<T>(inRedis: () => Promise<T>, inMemory: () => T | Promise<T>): Promise<T> {
    try {
      return await inRedis();
    } catch {
      this.#hasMissedChange = true;
      return inMemory();
    }
  }

  async set(key: string, value: string, ttl = LONGEST_TTL_MS): Promise<void> {
    await this.#change<unknown>(
      () => this.#inRedis(key, (redis, name) => redis.set(name, value, ttl)),
      () => this.#memory.set(key, value, ttl),
    );
  }

  /** While Redis is away values are those of this process, and changing them begins no epoch. */
  async compareAndSwap(key: string, before: string | undefined, after: string, ttlMs: number): Promise<boolean> {
    const values = [before ?? '', after, String(ttlMs)];
    try {
      const swapped = await this.#inRedis(key, (redis, name) =>
        (redis.client as RedisClient).eval(COMPARE_AND_SWAP, { keys: [name], arguments: values }),
      );
      return swapped === 1;
    } catch {
      return this.#memory.compareAndSwap(key, before, after, ttlMs);
    }
  }

  delete(key: string): Promise<boolean> {
    return this.#change<boolean>(
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
    await this.#change<void>(
      () => this.#link.run((client) => this.#beginEpoch(client)),
      () => this.#memory.clear(),
    );
  }

  async disconnect(): Promise<void> {
    this.#link.close();
  }
}
