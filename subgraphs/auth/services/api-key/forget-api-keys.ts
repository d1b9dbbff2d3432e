import { apiKeyIdentityCache } from '#runtime/identity/api-key-identity.js';
import type { Runtime } from '#runtime/runtime.js';

/** Makes gateways forget what they know of keys, by the hashes of their secrets: call it after the commit. */
export async function forgetApiKeys(runtime: Runtime, hashes: string[]): Promise<void> {
  const remembered = apiKeyIdentityCache(runtime.cache);
  await Promise.all(hashes.map((hash) => remembered.delete(hash)));
}
