import { createHash, randomBytes } from 'node:crypto';

/** Returns a token of 256 random bits in base64url, after `prefix`. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Returns the SHA-256 of a token in hexadecimal, for storage. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
