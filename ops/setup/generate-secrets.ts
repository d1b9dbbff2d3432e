import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';

const SECRET_BYTES = 32;
/** Hexadecimal needs no quoting in URLs, shells or files. */
const newSecret = () => randomBytes(SECRET_BYTES).toString('hex');

const NEEDED = ['JWT_SECRET', 'INTERNAL_JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'OPERATOR_TOKEN', 'BACKUP_ENCRYPTION_KEY'];

/** Of the containers of subgraphs. */
const KEYS_OF_PARTS = ['AUTH', 'INTEGRATIONS', 'REPORTING', 'BILLING'].map((part) => `INTERNAL_KEY_${part}`);

/** The secrets that setup can generate. */
export const generatedSecrets = [
  ...NEEDED,
  ...KEYS_OF_PARTS,
  'MAIL_BOUNCE_TOKEN',
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'MONGO_PASSWORD',
];

/** Keys of an installation without settings: new ones would invalidate sessions and connections. */
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

export interface MissingSecrets {
  values: Record<string, string>;
  /** Names of those taken over from the data folder. */
  adopted: string[];
}

export interface GenerateOptions {
  envFile: string;
  hasCompose: boolean;
  /** Whether the installation goes on with the data of one without settings. */
  keepsData: boolean;
}

/** Returns a value for every required secret that is not set. */
export function generateSecrets(given: Environment, options: GenerateOptions): MissingSecrets {
  const { envFile, hasCompose, keepsData } = options;
  const kept = keepsData ? keptSecrets(envFile, given.DATA_DIR || '.data') : {};
  const needed = [
    ...NEEDED,
    ...(given.SMTP_URL ? ['MAIL_BOUNCE_TOKEN'] : []),
    ...(hasCompose ? [...KEYS_OF_PARTS, 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'MONGO_PASSWORD'] : []),
  ].filter((name) => !given[name]);
  const adopted = needed.filter((name) => kept[name]);
  return { values: Object.fromEntries(needed.map((name) => [name, kept[name] ?? newSecret()])), adopted };
}
