/**
 * What may carry a secret, by name. A field is secret when its name, without regard to case, `-` and `_`, is one of these
 * or ends with one of them: `token` covers `accessToken`, `refresh_token` and `OPERATOR_TOKEN` alike.
 */
export const secretNames = [
  // What people and programs sign in with.
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'jwt',
  'apiKey',
  'credential',
  'authorization',
  'cookie',
  'signature',
  // What an OAuth exchange passes around (RFC 6749, RFC 7636, OpenID Connect).
  'codeVerifier',
  'assertion',
  'nonce',
  // Keys and what they made.
  'privateKey',
  'encryptionKey',
  'encryptionKeyPrevious',
  'encryptionKeys',
  'accessKey',
  'accessKeyId',
  'sealed',
  // Addresses that are as good as a password to whoever has them.
  'databaseUrl',
  'redisUrl',
  'mongodbUrl',
  'smtpUrl',
  'webhookUrl',
  'downloadUrl',
  'sentryDsn',
  'dsn',
] as const;

/** Parameters of addresses that are secret there, though their names mean other things elsewhere. */
export const secretParameters = ['code', 'state', 'sig', 'key', 'hmac', 'input_token', 'fb_exchange_token'] as const;

/** Settings whose names say nothing of what is in them. */
const secretSettings = [
  ...['POSTGRES_PASSWORD', 'MONGO_PASSWORD'],
  ...['TOKEN_ENCRYPTION_KEY_PREVIOUS', 'JWT_SECRET_PREVIOUS', 'INTERNAL_JWT_SECRET_PREVIOUS'],
];

const plain = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

const isSecretName = new RegExp(`(?:${[...secretNames, ...secretSettings].map(plain).join('|')})s?$`);

const MAX_KNOWN = 2_000;
const known = new Map<string, boolean>();

/** Whether a field of this name is kept out of the log. */
export function isSecretField(name: string): boolean {
  const verdict = known.get(name);
  if (verdict !== undefined) return verdict;
  const isSecret = isSecretName.test(plain(name));
  // Names can come from outside: what is remembered of them has an end.
  if (known.size < MAX_KNOWN) known.set(name, isSecret);
  return isSecret;
}

/** Names that are an OAuth secret in one place and a plain word in another: kept when their value is such a word. */
const AMBIGUOUS = new Set(['code', 'state']);
const PLAIN_WORD = /^(?:[A-Za-z]{2,20}(?:[_ -][A-Za-z]{1,20}){0,6}|[0-9A-Z]{5}|E[A-Z0-9]{2,15})$/;

/** Whether what stands in a field of this name is kept out of the log: `code: 'NOT_FOUND'` stays, an OAuth code does not. */
export function isSecretValue(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  if (AMBIGUOUS.has(name.toLowerCase())) return typeof value !== 'string' || !PLAIN_WORD.test(value);
  return isSecretField(name);
}
