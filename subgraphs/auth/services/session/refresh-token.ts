import { createHash, createHmac, randomBytes } from 'node:crypto';

export const REFRESH_TOKEN_TTL_MS = 7 * 24 * 60 * 60 * 1000;

const PREFIX = 'wmr_';

/** Returns a new, unguessable refresh token. */
export function newRefreshToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Returns what is stored of a refresh token. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Returns the one token that may follow `token`. Derived instead of drawn, so that two exchanges of the same token that
 * cross each other (two tabs, a lost answer) can both be given the same successor without it being stored.
 */
export function successorOf(token: string, secret: string): string {
  return PREFIX + createHmac('sha256', secret).update(token).digest('base64url');
}
