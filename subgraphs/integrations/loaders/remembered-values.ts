import { LRUCache } from 'lru-cache';

/** What all values together may have, in rows: about 100 MB. */
const MAX_ROWS = 300_000;
/** Also what is right may be forgotten: an erased organization's values are gone by then. */
const KEPT_MS = 15 * 60 * 1000;

/** What a value is derived from: values compared by identity, and versions. */
export type Inputs = readonly unknown[];

interface Entry {
  inputs: Inputs;
  value: object;
}

const areSame = (one: Inputs, other: Inputs) =>
  one.length === other.length && one.every((input, index) => Object.is(input, other[index]));

/**
 * Values of this process that are costly to derive, each with what it is derived from: it is used as long as that is the same.
 * They are shared, and not to be changed.
 */
export class RememberedValues {
  readonly #entries = new LRUCache<string, Entry>({ maxSize: MAX_ROWS, ttl: KEPT_MS });

  /** Returns a value that was derived from the same. */
  find<Value extends object>(key: string, inputs: Inputs): Value | undefined {
    const known = this.#entries.get(key);
    return known && areSame(known.inputs, inputs) ? (known.value as Value) : undefined;
  }

  /** Remembers a value of so many rows. */
  store(key: string, { inputs, value, rows }: Entry & { rows: number }): void {
    this.#entries.set(key, { inputs, value }, { size: rows + 1 });
  }

  /** Returns the value derived from these inputs, derived now unless it is remembered. */
  derive<Value extends object>(
    key: string,
    { inputs, rows, derive }: { inputs: Inputs; rows: number; derive: () => Value },
  ): Value {
    const known = this.find<Value>(key, inputs);
    if (known) return known;
    const value = derive();
    this.store(key, { inputs, value, rows });
    return value;
  }
}
