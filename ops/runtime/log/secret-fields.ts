/**
 * A field is secret when its name, ignoring case, `-` and `_`, ends with one of these: `token` covers `OPERATOR_TOKEN`.
 */
export const secretNames = [
  // Credentials.
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
  // OAuth (RFC 6749, RFC 7636, OpenID Connect).
  'codeVerifier',
  'assertion',
  'nonce',
  // Keys, and what they sealed.
  'privateKey',
  'secretKey',
  'encryptionKey',
  'encryptionKeyPrevious',
  'encryptionKeys',
  'accessKey',
  'accessKeyId',
  'internalKeys',
  'internalKeyAuth',
  'internalKeyIntegrations',
  'internalKeyReporting',
  'internalKeyBilling',
  'sealed',
  // URLs that grant access by themselves.
  'databaseUrl',
  'databaseReadUrl',
  'redisUrl',
  'mongodbUrl',
  'smtpUrl',
  'webhookUrl',
  'downloadUrl',
  'sentryDsn',
  'dsn',
] as const;

/** Secret as parameters of a URL only. */
export const secretParameters = ['code', 'state', 'sig', 'key', 'hmac', 'input_token', 'fb_exchange_token'] as const;

/** Settings whose names match none of those above. */
const secretSettings = [
  ...['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'MONGO_PASSWORD'],
  ...['TOKEN_ENCRYPTION_KEY_PREVIOUS', 'JWT_SECRET_PREVIOUS', 'INTERNAL_JWT_SECRET_PREVIOUS'],
];

const plain = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

const isSecretName = new RegExp(`(?:${[...secretNames, ...secretSettings].map(plain).join('|')})s?$`);

const MAX_KNOWN = 2_000;
const known = new Map<string, boolean>();

/** Whether a field of this name is redacted. */
export function isSecretField(name: string): boolean {
  const verdict = known.get(name);
  if (verdict !== undefined) return verdict;
  const isSecret = isSecretName.test(plain(name));
  // Names can come from clients: the memory is bounded.
  if (known.size < MAX_KNOWN) known.set(name, isSecret);
  return isSecret;
}

// OAuth secrets, or plain words.
const AMBIGUOUS = new Set(['code', 'state']);
const PLAIN_WORD = /^(?:[A-Za-z]{2,20}(?:[_ -][A-Za-z]{1,20}){0,6}|[0-9A-Z]{5}|E[A-Z0-9]{2,15})$/;

/** Whether a field of this name and value is redacted: `code: 'NOT_FOUND'` is not, an OAuth code is. */
export function isSecretValue(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  if (AMBIGUOUS.has(name.toLowerCase())) return typeof value !== 'string' || !PLAIN_WORD.test(value);
  return isSecretField(name);
}
