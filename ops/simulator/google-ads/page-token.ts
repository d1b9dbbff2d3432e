import { createHash, randomBytes } from 'node:crypto';
import { failure } from './errors.js';

const LIFETIME_MS = 2 * 3_600_000;
const secret = randomBytes(16);

function seal(customerId: string, query: string, offset: string, issuedAt: string): string {
  return createHash('sha256')
    .update(secret)
    .update(JSON.stringify([customerId, query, offset, issuedAt]))
    .digest('base64url')
    .slice(0, 22);
}

/** Returns a token for the page that starts at `offset`, good for this customer and query only. */
export function pageToken(customerId: string, query: string, offset: number, nowMs: number): string {
  const [start, at] = [offset.toString(36), nowMs.toString(36)];
  return Buffer.from(`${start}.${at}.${seal(customerId, query, start, at)}`).toString('base64url');
}

/** Returns the offset of a page token; throws when it is made up, of another query or too old. */
export function readPageToken(
  token: string,
  customerId: string,
  query: string,
  nowMs: number,
  version: string,
): number {
  const [start = '', at = '', sealed] = Buffer.from(token, 'base64url').toString().split('.');
  const refuse = (code: string, message: string) =>
    failure(version, 400, { group: 'requestError', code, message, field: 'page_token' });
  if (sealed !== seal(customerId, query, start, at)) throw refuse('INVALID_PAGE_TOKEN', 'Page token is invalid.');
  if (nowMs - Number.parseInt(at, 36) > LIFETIME_MS) throw refuse('EXPIRED_PAGE_TOKEN', 'Page token has expired.');
  return Number.parseInt(start, 36);
}
