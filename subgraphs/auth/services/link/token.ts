import { createHash, randomBytes } from 'node:crypto';

/** Returns a new token: 256 random bits in base64url behind the prefix that shows what it is for. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Returns the SHA-256 of a token in hexadecimal, which is all that is stored of it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
