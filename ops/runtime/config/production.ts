import type { Problem } from '#runtime/errors.js';
import { SIMULATED_GEMINI_KEY } from './operations-config.js';
import { parseEncryptionKey } from './variables.js';

type Given = Record<string, string | undefined>;

const REQUIRED = ['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS'];

const ofParts = (given: Given) => Object.keys(given).filter((name) => name.startsWith('INTERNAL_KEY_'));

/** What runs in a process, as far as its settings show it. */
function isNeeded(name: string, given: Given): boolean {
  const parts = ofParts(given);
  // A process with the key of its part was given what it needs: only gateway and auth take access tokens.
  if (name === 'JWT_SECRET') return parts.length === 0;
  if (name !== 'TOKEN_ENCRYPTION_KEY') return true;
  // Auth and integrations seal: a gateway has them elsewhere, other subgraphs have neither's key.
  const isElsewhere = (part: string) => {
    const hasOwnKeyOnly = parts.length > 0 && !given[`INTERNAL_KEY_${part}`];
    return Boolean(given[`SUBGRAPH_${part}_URL`]) || hasOwnKeyOnly;
  };
  return !(isElsewhere('AUTH') && isElsewhere('INTEGRATIONS'));
}

/** No two of these may be the same: a leak of one would be a leak of the other. */
const secretsIn = (given: Given) => [
  ...['JWT_SECRET', 'INTERNAL_JWT_SECRET', 'TOKEN_ENCRYPTION_KEY'],
  ...['OPERATOR_TOKEN', 'MAIL_BOUNCE_TOKEN', 'BACKUP_ENCRYPTION_KEY'],
  ...ofParts(given),
];

// 32 random bytes have about 30 distinct values; fewer than 16 do not happen.
const FEWEST_DIFFERENT_BYTES = 16;

/** From `.env.example` and other examples. */
const KNOWN_PASSWORDS = new Set(['password', 'postgres', 'webmetrics', 'secret', 'changeme', 'example']);

/** Matches one random secret in a hundred million. */
const PLACEHOLDER =
  /change.?(?:me|it|this)|replace.?(?:me|it|this)|your.?(?:jwt|key|own|secret|token)|example|placeholder|password/i;

function weakKeys(given: Given): Problem[] {
  return ['TOKEN_ENCRYPTION_KEY', 'BACKUP_ENCRYPTION_KEY'].flatMap((argument) => {
    const key = parseEncryptionKey(given[argument] ?? '');
    if (!key || new Set(key).size >= FEWEST_DIFFERENT_BYTES) return [];
    return { argument, problem: 'must be random, for example from `openssl rand -hex 32`' };
  });
}

function placeholders(given: Given): Problem[] {
  return secretsIn(given)
    .filter((argument) => PLACEHOLDER.test(given[argument] ?? ''))
    .map((argument) => ({
      argument,
      problem: 'must not be the words of an example: take it from `openssl rand -hex 32`',
    }));
}

function sharedSecrets(given: Given): Problem[] {
  const names = secretsIn(given);
  return names.flatMap((argument, index) => {
    const same = names.slice(0, index).find((other) => given[other] && given[other] === given[argument]);
    return same ? { argument, problem: `must not be the same as ${same}` } : [];
  });
}

function knownPassword(given: Given): Problem[] {
  const url = given.DATABASE_URL ?? '';
  if (!URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  if (![password, searchParams.get('password') ?? ''].some((word) => KNOWN_PASSWORDS.has(word))) return [];
  return [{ argument: 'DATABASE_URL', problem: 'must not have a password that everybody knows from examples' }];
}

/** A list of nothing but commas is empty, which outside production allows every loopback origin. */
const isGiven = (value: string | undefined) => /[^\s,]/.test(value ?? '');

function halfAPair(given: Given): Problem[] {
  const [id, secret] = ['BACKUP_S3_ACCESS_KEY_ID', 'BACKUP_S3_SECRET_ACCESS_KEY'];
  if (!given.BACKUP_S3_BUCKET || !given[id] === !given[secret]) return [];
  const [argument, other] = given[id] ? [secret, id] : [id, secret];
  return [{ argument, problem: `is required with ${other}` }];
}

/** Returns the problems of well-formed settings that only production has; `required` names what the program needs. */
export function findProductionProblems(given: Given, required: readonly string[] = REQUIRED): Problem[] {
  const missing = required.filter((name) => isNeeded(name, given) && !isGiven(given[name]));
  return [
    ...missing.map((argument) => ({ argument, problem: 'is required in production' })),
    ...(given.GEMINI_API_KEY === SIMULATED_GEMINI_KEY
      ? [{ argument: 'GEMINI_API_KEY', problem: "must not be the simulator's in production" }]
      : []),
    ...(given.SIMULATOR_URL ? [{ argument: 'SIMULATOR_URL', problem: 'must not be set in production' }] : []),
    ...(given.STRIPE_SECRET_KEY && !isGiven(given.STRIPE_WEBHOOK_SECRETS)
      ? [{ argument: 'STRIPE_WEBHOOK_SECRETS', problem: 'is required with STRIPE_SECRET_KEY in production' }]
      : []),
    ...weakKeys(given),
    ...placeholders(given),
    ...sharedSecrets(given),
    ...knownPassword(given),
    ...halfAPair(given),
  ];
}
