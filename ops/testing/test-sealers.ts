import { randomBytes } from 'node:crypto';
import type { SealerOf } from '#runtime/cache/sealed-text.js';
import { Sealer } from '#runtime/sealing/crypto.js';

/** Returns the sealers of the cache of one installation: a random key for every namespace. */
export function testSealers(): SealerOf {
  const sealer = new Sealer(randomBytes(32));
  return () => sealer;
}
