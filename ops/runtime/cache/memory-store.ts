import type { KeyvStoreAdapter } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { CompareAndSwapStore } from './atomic-store.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** A least-recently-used store of 64 MiB in memory. */
export class MemoryStore implements KeyvStoreAdapter, CompareAndSwapStore {
  readonly opts = {};
  readonly #entries = new LRUCache<string, string>({
    maxSize: MAX_BYTES,
    sizeCalculation: (value, key) => value.length + key.length + 1,
  });

  on(): this {
    return this;
  }

  // Keyv's adapter type leaves the value open; it is a serialized envelope, a string.
  async get<Value>(key: string): Promise<Value | undefined> {
    return this.#entries.get(key) as Value | undefined;
  }

  set(key: string, value: string, ttl?: number): void {
    this.#entries.set(key, value, { ttl });
  }

  async compareAndSwap(key: string, before: string | undefined, after: string, ttlMs: number): Promise<boolean> {
    if (this.#entries.get(key) !== before) return false;
    this.#entries.set(key, after, { ttl: ttlMs });
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return this.#entries.delete(key);
  }

  async deleteByPrefix(prefix: string): Promise<void> {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  async clear(): Promise<void> {
    this.#entries.clear();
  }
}
