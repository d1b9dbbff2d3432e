import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '#runtime/errors.js';
import { makeDataDir } from './data-dir.js';
import { parseEncryptionKey } from './variables.js';

export interface Secrets {
  /** Signs access tokens; at least 32 characters. */
  jwt: string;
  /** Previous or next key: accepted, too. */
  previousJwt: string[];
  /** Signs requests between gateway, subgraphs and jobs. */
  internal: string;
  previousInternal: string[];
  /** 32 bytes; encrypts provider tokens at rest. */
  tokenEncryptionKey: Buffer;
  /** Newest first. */
  previousTokenEncryptionKeys: Buffer[];
  /** Where OPERATOR_TOKEN is not set. */
  operator: string;
}

export interface SecretSettings {
  JWT_SECRET?: string;
  JWT_SECRET_PREVIOUS?: string;
  INTERNAL_JWT_SECRET?: string;
  INTERNAL_JWT_SECRET_PREVIOUS?: string;
  TOKEN_ENCRYPTION_KEY?: string;
  /** Comma-separated. */
  TOKEN_ENCRYPTION_KEY_PREVIOUS?: string;
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

/** Returns the secrets from the settings; missing ones are generated once and kept in `dataDir`. */
export function resolveSecrets(settings: SecretSettings, dataDir: string): Secrets {
  const { JWT_SECRET, JWT_SECRET_PREVIOUS, INTERNAL_JWT_SECRET, TOKEN_ENCRYPTION_KEY } = settings;
  const kept = JWT_SECRET && TOKEN_ENCRYPTION_KEY ? undefined : keepSecrets(dataDir);
  const jwt = JWT_SECRET ?? kept?.jwt ?? '';
  const key = parseEncryptionKey(TOKEN_ENCRYPTION_KEY ?? kept?.tokenEncryptionKey ?? '');
  if (!key) throw new ConfigurationError('TOKEN_ENCRYPTION_KEY must be 32 bytes, as 64 hexadecimal digits or base64.');
  const derive = (secret: string, purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)).toString('base64url');
  const previousJwt = JWT_SECRET_PREVIOUS ? [JWT_SECRET_PREVIOUS] : [];
  const derivedBefore = INTERNAL_JWT_SECRET ? [] : previousJwt.map((secret) => derive(secret, FOR_INTERNAL));
  const internalBefore = settings.INTERNAL_JWT_SECRET_PREVIOUS ? [settings.INTERNAL_JWT_SECRET_PREVIOUS] : [];
  return {
    jwt,
    previousJwt,
    internal: INTERNAL_JWT_SECRET ?? derive(jwt, FOR_INTERNAL),
    previousInternal: [...internalBefore, ...derivedBefore],
    operator: derive(jwt, 'webmetrics operator'),
    tokenEncryptionKey: key,
    previousTokenEncryptionKeys: (settings.TOKEN_ENCRYPTION_KEY_PREVIOUS ?? '')
      .split(',')
      .flatMap((text) => parseEncryptionKey(text.trim()) ?? []),
  };
}
