import { apiKeyIdentityCache } from '#runtime/identity/api-key-identity.js';
import type { Services } from '#runtime/services.js';

/** Makes gateways forget what they know of keys, by the hashes of their secrets: call it after the commit. */
export async function forgetApiKeys(services: Services, hashes: string[]): Promise<void> {
  const remembered = apiKeyIdentityCache(services.cache);
  await Promise.all(hashes.map((hash) => remembered.delete(hash)));
}
