import { Keyv, KeyvHooks } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { Logger } from '#runtime/log/logger.js';
import { observeCacheRead } from '#runtime/telemetry/observe-cache.js';
import { type AtomicStore, openAtomicStore } from './atomic-store.js';
import { MemoryStore } from './memory-store.js';
import { ResilientStore } from './resilient-store.js';
import type { SealerOf } from './sealed-text.js';

/** A cache of all processes. Losing it costs time, never data. */
export interface Cache {
  mode: 'memory' | 'redis';
  /** Rejects while Redis is configured and does not answer; the cache then works in memory. */
  checkReady(): Promise<void>;
  /** Returns a namespace of the cache. Its times to live are in milliseconds. */
  namespace(name: string, options?: NamespaceOptions): Keyv;
  /**
   * Deletes the keys of a namespace that begin with `prefix`, by scanning all keys. Rejects while Redis is configured and
   * does not answer: keys may be left in it.
   */
  forget(name: string, prefix: string): Promise<void>;
  /** Returns a store for values that several processes update. Its name must not be that of a namespace. */
  atomicStore(name: string): AtomicStore;
  close(): Promise<void>;
}

export interface NamespaceOptions {
  /** Parses a value once and shares it among its readers, which must not change it: for large values that are read often. */
  isParsedOnce?: boolean;
}

export interface CacheOptions {
  redisUrl?: string;
  logger: Logger;
  /** For what is kept in Redis. */
  sealerOf: SealerOf;
}

/** Atomic stores have a part of their own: values do not displace what they count. */
const ATOMIC_BYTES = 16 * 1024 * 1024;

const PARSED_CHARACTERS = 16 * 1024 * 1024;
const PARSED_MS = 15 * 60 * 1000;

function parseOnce(cache: Keyv): void {
  const parsed = new LRUCache<string, object>({
    maxSize: PARSED_CHARACTERS,
    sizeCalculation: (_value, text) => text.length + 1,
    ttl: PARSED_MS,
  });
  const { deserialize } = cache;
  cache.deserialize = ((text: string) => {
    const known = parsed.get(text);
    if (known) return known;
    const value = deserialize?.(text);
    if (value && !(value instanceof Promise)) parsed.set(text, value);
    return value;
  }) as typeof deserialize;
}

/** Opens the cache: on Redis when there is a URL, else in memory. Never throws. */
export function openCache({ redisUrl, logger, sealerOf }: CacheOptions): Cache {
  const redis = redisUrl ? new ResilientStore({ url: redisUrl, logger, sealerOf }) : undefined;
  const store = redis ?? new MemoryStore();
  const atomic = redis ?? new MemoryStore(ATOMIC_BYTES);
  return {
    mode: redis ? 'redis' : 'memory',
    checkReady: async () => redis?.checkReady(),
    namespace: (name, { isParsedOnce = false } = {}) => {
      const cache = new Keyv({ store, namespace: name });
      if (isParsedOnce) parseOnce(cache);
      // Without a listener Keyv swallows the errors of a store.
      cache.on('error', (error) => logger.warn({ err: error, cache: name }, 'Cache access failed'));
      cache.hooks.addHandler(KeyvHooks.POST_GET, ({ value }) => observeCacheRead(name, value !== undefined));
      return cache;
    },
    forget: (name, prefix) => store.deleteByPrefix(`${name}:${prefix}`),
    atomicStore: (name) => openAtomicStore(atomic, name),
    close: async () => redis?.disconnect(),
  };
}

/** Returns a value and deletes it: of concurrent callers exactly one gets it, the others undefined. */
export async function take<Value>(cache: Keyv, key: string): Promise<Value | undefined> {
  const value = await cache.get<Value>(key);
  return value !== undefined && (await cache.delete(key)) ? value : undefined;
}
