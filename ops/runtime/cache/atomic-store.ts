export interface AtomicValue<Value> {
  value: Value;
  ttlMs: number;
}

/** Small JSON values that several processes update concurrently without losing an update. */
export interface AtomicStore {
  /** Returns the value of a key; undefined when there is none or it has expired. */
  read<Value>(key: string): Promise<Value | undefined>;
  /**
   * Replaces the value of a key by what `update` returns for it; undefined leaves it unchanged. `update` runs again when
   * another process wrote in between: only its last result is stored. Rejects after 20 lost races.
   */
  update<Value>(key: string, update: (value: Value | undefined) => AtomicValue<Value> | undefined): Promise<void>;
}

/** A value and what identifies it as stored; both undefined = there is none. */
export interface StoredValue {
  value: string | undefined;
  version: string | undefined;
}

export interface CompareAndSwapStore {
  read(key: string): Promise<StoredValue>;
  /** Stores `after` if `key` is at `version` (undefined = nothing), and returns whether it did. */
  compareAndSwap(key: string, version: string | undefined, after: string, ttlMs: number): Promise<boolean>;
}

const MAX_ATTEMPTS = 20;

/** Opens a namespace of a store for atomic updates. Updates of one key are queued within a process: only processes race. */
export function openAtomicStore(store: CompareAndSwapStore, namespace: string): AtomicStore {
  const queues = new Map<string, Promise<void>>();

  async function updateNow<Value>(
    key: string,
    update: (value: Value | undefined) => AtomicValue<Value> | undefined,
  ): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const { value: before, version } = await store.read(key);
      const next = update(before === undefined ? undefined : JSON.parse(before));
      if (!next) return;
      const after = JSON.stringify(next.value);
      const ttlMs = Math.max(1, Math.round(next.ttlMs));
      if (after === before || (await store.compareAndSwap(key, version, after, ttlMs))) return;
    }
    throw new Error(`The update of ${key} lost ${MAX_ATTEMPTS} races in a row`);
  }

  return {
    async read(key) {
      const { value } = await store.read(`${namespace}:${key}`);
      return value === undefined ? undefined : JSON.parse(value);
    },
    update(key, update) {
      const name = `${namespace}:${key}`;
      const updated = (queues.get(name) ?? Promise.resolve()).then(() => updateNow(name, update));
      const settled = updated.catch(() => {});
      queues.set(name, settled);
      void settled.then(() => {
        if (queues.get(name) === settled) queues.delete(name);
      });
      return updated;
    },
  };
}
