import { createHmac } from 'node:crypto';
import { newToken } from '#auth/services/link/token.js';

export const REFRESH_TOKEN_TTL_MS = 7 * 24 * 60 * 60 * 1000;

const PREFIX = 'wmr_';

/** Returns a new refresh token. */
export function newRefreshToken(): string {
  return newToken(PREFIX);
}

/**
 * Returns the successor of a refresh token: derived, so that concurrent exchanges return the same one without storing
 * it.
 */
export function successorOf(token: string, secret: string): string {
  return PREFIX + createHmac('sha256', secret).update(token).digest('base64url');
}
