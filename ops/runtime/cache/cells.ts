/** What a cell is to hold from now on, and for how long. */
export interface CellValue<Value> {
  value: Value;
  ttlMs: number;
}

/** Small values that several processes change at a time: every change is made on what is there, none is lost. */
export interface Cells {
  /** Returns what a cell holds; undefined = nothing (any more). */
  read<Value>(key: string): Promise<Value | undefined>;
  /**
   * Replaces what a cell holds by what `change` makes of it; undefined leaves it as it is. `change` runs again when
   * another process was faster: what it decided last is what happened. Rejects when others are faster again and again.
   */
  change<Value>(key: string, change: (value: Value | undefined) => CellValue<Value> | undefined): Promise<void>;
}

/** A store whose values can be replaced on condition that they are still what was read. */
export interface SwappingStore {
  get<Value>(key: string): Promise<Value | undefined>;
  /** Whether `key` held `before`, and holds `after` now. undefined = it held nothing. */
  swap(key: string, before: string | undefined, after: string, ttlMs: number): Promise<boolean>;
}

const MAX_ATTEMPTS = 20;

/** Opens the cells of one name in a store. Within a process changes of one cell queue up, so that only processes race. */
export function openCells(store: SwappingStore, name: string): Cells {
  const queues = new Map<string, Promise<void>>();

  async function changeNow<Value>(
    key: string,
    change: (value: Value | undefined) => CellValue<Value> | undefined,
  ): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const before = await store.get<string>(key);
      const next = change(before === undefined ? undefined : JSON.parse(before));
      if (!next) return;
      const after = JSON.stringify(next.value);
      if (after === before || (await store.swap(key, before, after, Math.max(1, Math.round(next.ttlMs))))) return;
    }
    throw new Error(`The cell ${key} is changed again and again`);
  }

  return {
    async read(key) {
      const text = await store.get<string>(`${name}:${key}`);
      return text === undefined ? undefined : JSON.parse(text);
    },
    change(key, change) {
      const cell = `${name}:${key}`;
      const turn = (queues.get(cell) ?? Promise.resolve()).then(() => changeNow(cell, change));
      const settled = turn.catch(() => {});
      queues.set(cell, settled);
      void settled.then(() => {
        if (queues.get(cell) === settled) queues.delete(cell);
      });
      return turn;
    },
  };
}
