import { createHash, randomBytes } from 'node:crypto';

/** Returns a new token for the link that completes a sign-up: 256 random bits. */
export function newSignUpToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns what is stored of the token. */
export function hashSignUpToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
