import { Keyv, KeyvHooks } from 'keyv';
import type { Logger } from '#runtime/log/logger.js';
import { observeCacheRead } from '#runtime/telemetry/observe-cache.js';
import { type AtomicStore, openAtomicStore } from './atomic-store.js';
import { MemoryStore } from './memory-store.js';
import { ResilientStore } from './resilient-store.js';

/** What processes remember for a while. Losing it costs time, never data. */
export interface Cache {
  mode: 'memory' | 'redis';
  /** Rejects while Redis is meant to be used and does not answer: everything goes on in memory then. */
  checkReady(): Promise<void>;
  /** Returns the cache for one kind of thing, the same for the same name; times to live are in milliseconds. */
  namespace(name: string): Keyv;
  /**
   * Deletes whatever a namespace holds under keys that begin with `prefix`, at the cost of looking at every key there is.
   * Rejects while Redis is meant to be used and does not answer: something may be left then.
   */
  forget(name: string, prefix: string): Promise<void>;
  /** Returns a store for what several processes count or decide together. Its name must not be that of a namespace. */
  atomicStore(name: string): AtomicStore;
  close(): Promise<void>;
}

/** Opens the cache: on Redis when there is a URL, else in memory. Never fails and never waits for Redis. */
export function openCache({ redisUrl, logger }: { redisUrl?: string; logger: Logger }): Cache {
  const redis = redisUrl ? new ResilientStore(redisUrl, logger) : undefined;
  const store = redis ?? new MemoryStore();
  return {
    mode: redis ? 'redis' : 'memory',
    checkReady: async () => redis?.checkReady(),
    namespace: (name) => {
      const cache = new Keyv({ store, namespace: name });
      // Keyv swallows what a store throws unless someone listens.
      cache.on('error', (error) => logger.warn({ err: error, cache: name }, 'A cache could not be used'));
      cache.hooks.addHandler(KeyvHooks.POST_GET, ({ value }) => observeCacheRead(name, value !== undefined));
      return cache;
    },
    // Keyv puts the namespace before every key.
    forget: (name, prefix) => store.deleteWhatBegins(`${name}:${prefix}`),
    atomicStore: (name) => openAtomicStore(store, name),
    close: async () => redis?.disconnect(),
  };
}

/**
 * Returns a value and removes it, so that of several callers exactly one gets it: for what may be used once.
 * Undefined when it is not there (any more).
 */
export async function take<Value>(cache: Keyv, key: string): Promise<Value | undefined> {
  const value = await cache.get<Value>(key);
  return value !== undefined && (await cache.delete(key)) ? value : undefined;
}
