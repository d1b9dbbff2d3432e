import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'es-toolkit/function';
import { z } from 'zod';
import { ConfigurationError } from '#runtime/errors.js';
import { makeDataDir } from './data-dir.js';
import { parseEncryptionKey } from './variables.js';

export interface Secrets {
  /** Returns the secrets of access tokens, of at least 32 characters: the first signs, a previous or next one is accepted. */
  jwtKeys(): [string, ...string[]];
  /**
   * Returns the keys of a part: of a subgraph, or of the gateway. With the first it signs and seals, the others are accepted,
   * too.
   */
  keysOf(part: string): [string, ...string[]];
  /** Returns the keys of 32 bytes that encrypt provider tokens and second factors at rest: the current one, then those before. */
  tokenEncryptionKeys(): [Buffer, ...Buffer[]];
  /** Where OPERATOR_TOKEN is not set; undefined without JWT_SECRET. */
  operator: string | undefined;
}

export interface SecretSettings {
  JWT_SECRET?: string;
  JWT_SECRET_PREVIOUS?: string;
  INTERNAL_JWT_SECRET?: string;
  INTERNAL_JWT_SECRET_PREVIOUS?: string;
  TOKEN_ENCRYPTION_KEY?: string;
  /** Comma-separated. */
  TOKEN_ENCRYPTION_KEY_PREVIOUS?: string;
  /** `INTERNAL_KEY_<PART>` by part, the current one first. Those of other parts are derived from INTERNAL_JWT_SECRET. */
  internalKeys?: Record<string, string[]>;
}

const kept = z.object({
  jwt: z.string().min(32),
  tokenEncryptionKey: z.string().refine((text) => parseEncryptionKey(text)),
});

// Kept, so that sessions and connections survive a restart.
function keepSecrets(dataDir: string): { jwt: string; tokenEncryptionKey: string } {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    makeDataDir(dataDir);
    const made = { jwt: randomBytes(48).toString('base64url'), tokenEncryptionKey: randomBytes(32).toString('base64') };
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    try {
      // Atomic for a second process of the installation.
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new ConfigurationError(`${file} is damaged: restore it, or set JWT_SECRET and TOKEN_ENCRYPTION_KEY.`, {
      cause,
    });
  }
}

const FOR_INTERNAL = 'webmetrics internal';

/** Returns a key for one purpose, from which the secret cannot be computed (HKDF, RFC 5869): 32 bytes in base64url. */
export function deriveKey(secret: string, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)).toString('base64url');
}

/** Returns a secret that this process was not given, when it is used after all: throws. */
function missing(name: string): never {
  throw new ConfigurationError(`${name} is not set: this process needs it.`);
}

function readKey(text: string): Buffer {
  const key = parseEncryptionKey(text);
  if (key) return key;
  throw new ConfigurationError('TOKEN_ENCRYPTION_KEY must be 32 bytes, as 64 hexadecimal digits or base64.');
}

/**
 * Returns the secrets from the settings; missing ones are generated once and kept in `dataDir`. Without a `dataDir`, as in
 * production, and with `INTERNAL_KEY_<PART>` a process has what it is given and no more: the use of another secret throws.
 */
export function resolveSecrets(settings: SecretSettings, dataDir: string | undefined): Secrets {
  const { JWT_SECRET, JWT_SECRET_PREVIOUS, INTERNAL_JWT_SECRET, TOKEN_ENCRYPTION_KEY, internalKeys = {} } = settings;
  const hasOwnKeys = Object.keys(internalKeys).length > 0;
  const kept = dataDir !== undefined && !hasOwnKeys ? once(() => keepSecrets(dataDir)) : undefined;
  const jwt = JWT_SECRET ?? kept?.().jwt;
  const previousJwt = JWT_SECRET_PREVIOUS ? [JWT_SECRET_PREVIOUS] : [];
  const derivedBefore = INTERNAL_JWT_SECRET ? [] : previousJwt.map((secret) => deriveKey(secret, FOR_INTERNAL));
  const internalBefore = settings.INTERNAL_JWT_SECRET_PREVIOUS ? [settings.INTERNAL_JWT_SECRET_PREVIOUS] : [];
  const internal = INTERNAL_JWT_SECRET ?? (jwt && deriveKey(jwt, FOR_INTERNAL));
  const allInternal = [...(internal ? [internal] : []), ...internalBefore, ...derivedBefore];
  return {
    jwtKeys: () => [jwt ?? missing('JWT_SECRET'), ...previousJwt],
    keysOf: (part) => {
      const [current, ...previous] =
        internalKeys[part] ?? allInternal.map((secret) => deriveKey(secret, `webmetrics part ${part}`));
      return [current ?? missing(`INTERNAL_KEY_${part.toUpperCase()}`), ...previous];
    },
    operator: jwt && deriveKey(jwt, 'webmetrics operator'),
    tokenEncryptionKeys: () => {
      const current = TOKEN_ENCRYPTION_KEY ?? kept?.().tokenEncryptionKey ?? missing('TOKEN_ENCRYPTION_KEY');
      return [
        readKey(current),
        ...(settings.TOKEN_ENCRYPTION_KEY_PREVIOUS ?? '')
          .split(',')
          .flatMap((text) => parseEncryptionKey(text.trim()) ?? []),
      ];
    },
  };
}
