import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#runtime/config/config.js';
import { resolveSecrets, type Secrets } from '#runtime/config/secrets.js';

/** Returns the keys of an installation without generating them; undefined = there are none yet. */
export function knownSecrets({ secrets, dataDir }: Config): Secrets | undefined {
  const hasOwnKeys = Object.keys(secrets.internalKeys ?? {}).length > 0;
  const areGiven = (secrets.JWT_SECRET || hasOwnKeys) && secrets.TOKEN_ENCRYPTION_KEY;
  if (!areGiven && !existsSync(join(dataDir, 'secrets.json'))) return undefined;
  return resolveSecrets(secrets, dataDir);
}
