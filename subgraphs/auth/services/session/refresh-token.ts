import { createHmac } from 'node:crypto';
import type { ServiceContext } from '#auth/context.js';
import { newToken } from '#auth/services/link/token.js';
import { tagToken } from '#runtime/identity/issued-token.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const REFRESH_TOKEN_TTL_MS = 7 * DAY_MS;

/** How long after a sign-in its sessions can be refreshed. */
export const SESSION_TTL_MS = 30 * DAY_MS;

/** Returns when a refresh token issued now expires, in a session that ends at `endsAt`. */
export function refreshExpiry(now: Date, endsAt: Date): Date {
  return new Date(Math.min(now.getTime() + REFRESH_TOKEN_TTL_MS, endsAt.getTime()));
}

const PREFIX = 'wmr_';

/** Returns a new refresh token. */
export function newRefreshToken(context: Pick<ServiceContext, 'services'>): string {
  return newToken(context, PREFIX);
}

/**
 * Returns the successor of a refresh token: derived, so that concurrent exchanges return the same one without storing
 * it.
 */
export function successorOf(token: string, secret: string): string {
  return tagToken(secret, PREFIX + createHmac('sha256', secret).update(token).digest('base64url'));
}
