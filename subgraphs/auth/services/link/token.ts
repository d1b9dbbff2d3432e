import { createHash } from 'node:crypto';
import type { ServiceContext } from '#auth/context.js';
import { issueToken } from '#runtime/identity/issued-token.js';

/** Returns a token of 256 random bits in base64url, after `prefix`, with a tag that the gateway recognizes. */
export function newToken({ services }: Pick<ServiceContext, 'services'>, prefix = ''): string {
  return issueToken(services.secrets.keysOf('auth')[0], prefix);
}

/** Returns the SHA-256 of a token in hexadecimal, for storage. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
