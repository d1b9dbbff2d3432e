import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A live key does what its scopes say; a test key is for trying things out and only reads. */
export type ApiKeyKind = 'live' | 'test';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** Enough digits of base 62 for 256 bits. */
const SECRET_LENGTH = 43;
/** And for 32. */
const CHECKSUM_LENGTH = 6;
const VISIBLE_LENGTH = 'wm_live_'.length + 6;

const FORM = new RegExp(`^wm_(?:live|test)_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

// Letters and digits only, so that a double click selects a key and no shell or address changes it.
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

/** Whether a text claims to be an API key. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('wm_');
}

/**
 * Whether a text can be an API key: of the right form, and with the checksum that belongs to it. Tells typos and
 * made-up keys, also for a scanner that finds one in a repository, without asking anybody.
 */
export function isWellFormedApiKey(text: string): boolean {
  return FORM.test(text) && text.slice(-CHECKSUM_LENGTH) === checksumOf(text.slice(0, -CHECKSUM_LENGTH));
}

/** Returns the beginning of a key that people recognise it by: 36 of its 256 bits. */
export function visiblePrefix(key: string): string {
  return key.slice(0, VISIBLE_LENGTH);
}

/** Returns what is stored of a key, and asked for: SHA-256 in hexadecimal. 256 random bits need no slow hash. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
