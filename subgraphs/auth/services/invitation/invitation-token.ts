import { createHash, randomBytes } from 'node:crypto';

/** How long the link of an invitation works. */
export const INVITATION_TTL_MS = 7 * 24 * 60 * 60 * 1000;

const PREFIX = 'wmi_';

/** Returns a new, unguessable token for the link of an invitation. */
export function newInvitationToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Returns what is stored of the token. */
export function hashInvitationToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
