import type { Sealer } from '#runtime/sealing/crypto.js';

/** Returns the sealer of a namespace of the cache: its key is one Redis does not have. */
export type SealerOf = (namespace: string) => Sealer;

const FORM = /^(\d{1,16}) /;

function dataOf(key: string): string {
  return `cache v1 ${key}`;
}

const namespaceOf = (key: string) => key.slice(0, key.indexOf(':'));

/** Seals a value for its key (`<namespace>:<key>`) and until it expires. */
export function sealText(sealerOf: SealerOf, key: string, text: string, ttlMs: number): string {
  return sealerOf(namespaceOf(key)).seal(`${Date.now() + ttlMs} ${text}`, dataOf(key));
}

/** Returns a sealed value; undefined when it has expired. Throws when it is not one for this key. */
export function openText(sealerOf: SealerOf, key: string, sealed: string): string | undefined {
  const text = sealerOf(namespaceOf(key)).open(sealed, dataOf(key));
  const [prefix, until] = FORM.exec(text) ?? [];
  if (!prefix) throw new Error('A cached value has an unknown form.');
  return Number(until) > Date.now() ? text.slice(prefix.length) : undefined;
}
