import type { KeyvStoreAdapter } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { CompareAndSwapStore, StoredValue } from './atomic-store.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** Longest value that is cached, in characters; longer ones would displace those of all others. */
export const MAX_VALUE_LENGTH = 4 * 1024 * 1024;

/** What an entry takes besides its texts: list nodes, map slot, string headers. */
const ENTRY_BYTES = 256;

const WIDE = /[^\0-\xff]/;

/** Returns the bytes V8 takes for a text: two a character as soon as one is beyond Latin-1. */
export function bytesInMemory(text: string): number {
  return WIDE.test(text) ? text.length * 2 : text.length;
}

/** A least-recently-used store in memory of at most `maxBytes` (default 64 MiB). */
export class MemoryStore implements KeyvStoreAdapter, CompareAndSwapStore {
  readonly opts = {};
  readonly #entries: LRUCache<string, string>;

  constructor(maxBytes = MAX_BYTES) {
    this.#entries = new LRUCache<string, string>({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => bytesInMemory(value) + bytesInMemory(key) + ENTRY_BYTES,
    });
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  on(): this {
    return this;
  }

  // Keyv's adapter type leaves the value open; it is a serialized envelope, a string.
  async get<Value>(key: string): Promise<Value | undefined> {
    return this.#entries.get(key) as Value | undefined;
  }

  set(key: string, value: string, ttl?: number): void {
    if (value.length > MAX_VALUE_LENGTH) this.#entries.delete(key);
    else this.#entries.set(key, value, { ttl });
  }

  async read(key: string): Promise<StoredValue> {
    const value = this.#entries.get(key);
    return { value, version: value };
  }

  async compareAndSwap(key: string, version: string | undefined, after: string, ttlMs: number): Promise<boolean> {
    if (this.#entries.get(key) !== version) return false;
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
