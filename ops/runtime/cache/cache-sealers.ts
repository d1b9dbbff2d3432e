import { deriveKey, type Secrets } from '#runtime/config/secrets.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import type { SealerOf } from './sealed-text.js';

/** Namespaces of the gateway; the others are of a subgraph and its jobs. */
const OF_GATEWAY = new Set(['session-identity', 'api-key-identity', 'response', 'response-generation']);

/**
 * Returns the sealers of the cache: a key for each namespace. The gateway's are derived from the secret of access tokens,
 * which no subgraph but auth has, the others from the key of integrations.
 */
export function cacheSealers({ jwtKeys, keysOf }: Pick<Secrets, 'jwtKeys' | 'keysOf'>): SealerOf {
  const sealers = new Map<string, Sealer>();
  return (namespace) => {
    const known = sealers.get(namespace);
    if (known) return known;
    const [current, ...previous] = OF_GATEWAY.has(namespace) ? jwtKeys() : keysOf('integrations');
    const derive = (secret: string) => Buffer.from(deriveKey(secret, `webmetrics cache ${namespace}`), 'base64url');
    const sealer = new Sealer(derive(current), ...previous.map(derive));
    sealers.set(namespace, sealer);
    return sealer;
  };
}
