import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A test key only reads, whatever its scopes. */
export type ApiKeyKind = 'live' | 'test';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** 256 bits in base 62. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const VISIBLE_LENGTH = 'wm_live_'.length + 6;

const FORM = new RegExp(`^wm_(?:live|test)_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

// Letters and digits only: a double click selects the key, and neither shells nor URLs change it.
function base62(number: bigint, length: number): string {
  let text = '';
  for (let rest = number; text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text;
}

const checksumOf = (text: string) => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

/** Returns a new API key: its kind, 256 random bits, and a checksum over both. */
export function newApiKey(kind: ApiKeyKind): string {
  const key = `wm_${kind}_${base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH)}`;
  return key + checksumOf(key);
}

/** Whether a text has the prefix of API keys. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('wm_');
}

/**
 * Whether a text has the form and the checksum of an API key: detects typos and invented keys without the database.
 */
export function isWellFormedApiKey(text: string): boolean {
  return FORM.test(text) && text.slice(-CHECKSUM_LENGTH) === checksumOf(text.slice(0, -CHECKSUM_LENGTH));
}

/** Returns the part of a key that is shown to recognize it by: 36 of its 256 bits. */
export function visiblePrefix(key: string): string {
  return key.slice(0, VISIBLE_LENGTH);
}

/** Returns the SHA-256 of a key in hexadecimal, as it is stored. 256 random bits need no slow hash. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
