import { randomUUID } from 'node:crypto';

/** Longest value of one key in Redis: what follows on the connection waits for no more than that. */
export const CHUNK_LENGTH = 64 * 1024;

const MANIFEST = /^chunks ([0-9a-f-]{36}) ([1-9]\d{0,2})$/;

const keysOf = (key: string, id: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${key} chunk ${id} ${index}`);

/** Splits a value longer than CHUNK_LENGTH: `manifest` is kept under its key, the parts under keys of their own. */
export function splitValue(key: string, value: string): { manifest: string; parts: [key: string, part: string][] } {
  const id = randomUUID();
  const count = Math.ceil(value.length / CHUNK_LENGTH);
  const parts = keysOf(key, id, count).map((name, index): [string, string] => [
    name,
    value.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH),
  ]);
  return { manifest: `chunks ${id} ${count}`, parts };
}

/** Returns the keys of the parts when a value is a manifest; else undefined. */
export function chunkKeysIn(key: string, value: string): string[] | undefined {
  const [, id = '', count] = MANIFEST.exec(value) ?? [];
  return count === undefined ? undefined : keysOf(key, id, Number(count));
}
