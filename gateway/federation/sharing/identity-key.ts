import type { Identity } from '#runtime/identity/identity.js';

const keys = new WeakMap<Identity, string>();

/** Returns a key that only equal identities have, whatever their request: everything that a subgraph sees of the caller. */
export function identityKey(identity: Identity): string {
  let key = keys.get(identity);
  if (key === undefined) {
    const { requestId, ...rest } = identity;
    key = JSON.stringify(rest);
    keys.set(identity, key);
  }
  return key;
}
