import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';

const SECRET_BYTES = 32;
/** Hexadecimal digits mean nothing in a URL, a shell or a file. */
const newSecret = () => randomBytes(SECRET_BYTES).toString('hex');

const NEEDED = ['JWT_SECRET', 'INTERNAL_JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'OPERATOR_TOKEN', 'BACKUP_ENCRYPTION_KEY'];

/** The secrets setup makes where they are needed. */
export const generatedSecrets = [...NEEDED, 'MAIL_BOUNCE_TOKEN', 'POSTGRES_PASSWORD', 'MONGO_PASSWORD'];

/** The keys an installation without settings made for itself: with others, its sessions and connections would be lost. */
function keptSecrets(envFile: string, dataDir: string): Environment {
  const file = join(resolve(dirname(envFile), dataDir), 'secrets.json');
  if (!existsSync(file)) return {};
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { jwt?: string; tokenEncryptionKey?: string };
    return { JWT_SECRET: kept.jwt, TOKEN_ENCRYPTION_KEY: kept.tokenEncryptionKey };
  } catch (cause) {
    throw new ConfigurationError(
      `${file} cannot be read, and with it the keys this installation uses: make it readable, or remove it if nothing ` +
        'worth keeping was made with them.',
      { cause },
    );
  }
}

/** Secrets that `given` lacks, and how each of them came about. */
export interface MissingSecrets {
  values: Record<string, string>;
  /** Those taken over from the data folder; the others are new. */
  adopted: string[];
}

/** Returns a value for every secret an installation needs and does not have; never for one that it has. */
export function generateSecrets(given: Environment, envFile: string, hasCompose: boolean): MissingSecrets {
  const kept = keptSecrets(envFile, given.DATA_DIR || '.data');
  const needed = [
    ...NEEDED,
    ...(given.SMTP_URL ? ['MAIL_BOUNCE_TOKEN'] : []),
    ...(hasCompose ? ['POSTGRES_PASSWORD', 'MONGO_PASSWORD'] : []),
  ].filter((name) => !given[name]);
  const adopted = needed.filter((name) => kept[name]);
  return { values: Object.fromEntries(needed.map((name) => [name, kept[name] ?? newSecret()])), adopted };
}
