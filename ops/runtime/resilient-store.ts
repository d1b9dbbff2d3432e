import KeyvRedis from '@keyv/redis';
import type { KeyvStoreAdapter } from 'keyv';
import type { Logger } from './logger.js';
import { MemoryStore } from './memory-store.js';
import { observeRedis } from './telemetry/observe-cache.js';

const REDIS_TIMEOUT_MS = 500;
const REDIS_RECONNECT_MS = 1_000;
/** How long Redis is not asked again once it has failed: waiting for it on every call would slow everything down. */
const REST_MS = 1_000;

/**
 * Redis while it answers, memory while it does not: a cache that is away must cost speed only. One warning when it goes,
 * one line when it is back.
 */
export class ResilientStore implements KeyvStoreAdapter {
  readonly opts = {};
  readonly #redis: KeyvRedis<string>;
  readonly #memory = new MemoryStore();
  readonly #logger: Logger;
  #isAway = false;
  #askAgainAt = 0;

  constructor(url: string, logger: Logger) {
    this.#logger = logger;
    this.#redis = new KeyvRedis<string>(
      {
        url,
        // Without these two a Redis that went away hangs every caller and is sent stale writes when it returns.
        disableOfflineQueue: true,
        commandOptions: { timeout: REDIS_TIMEOUT_MS },
        socket: { connectTimeout: REDIS_TIMEOUT_MS, reconnectStrategy: REDIS_RECONNECT_MS },
      },
      { throwOnErrors: true, throwOnConnectError: true, connectionTimeout: REDIS_TIMEOUT_MS },
    );
    this.#redis.on('error', (error) => this.#wentAway(error));
  }

  on(): this {
    return this;
  }

  #wentAway(error: unknown): void {
    this.#askAgainAt = Date.now() + REST_MS;
    if (this.#isAway) return;
    this.#isAway = true;
    observeRedis(true);
    this.#logger.warn({ err: error }, 'Redis is away: caching in memory until it is back');
  }

  async #either<T>(inRedis: () => Promise<T>, inMemory: () => T | Promise<T>): Promise<T> {
    if (this.#isAway && Date.now() < this.#askAgainAt) return inMemory();
    try {
      const result = await inRedis();
      if (this.#isAway) {
        this.#isAway = false;
        observeRedis(false);
        await this.#memory.clear();
        this.#logger.info('Redis is back');
      }
      return result;
    } catch (error) {
      this.#wentAway(error);
      return inMemory();
    }
  }

  get<Value>(key: string): Promise<Value | undefined> {
    return this.#either(
      () => this.#redis.get(key) as Promise<Value | undefined>,
      () => this.#memory.get<Value>(key),
    );
  }

  async set(key: string, value: string, ttl?: number): Promise<void> {
    await this.#either(
      () => this.#redis.set(key, value, ttl),
      () => this.#memory.set(key, value, ttl),
    );
  }

  delete(key: string): Promise<boolean> {
    return this.#either(
      () => this.#redis.delete(key),
      () => this.#memory.delete(key),
    );
  }

  async clear(): Promise<void> {
    await this.#either(
      () => this.#redis.clear(),
      () => this.#memory.clear(),
    );
  }

  async disconnect(): Promise<void> {
    await this.#redis.disconnect(true).catch(() => {});
  }
}
