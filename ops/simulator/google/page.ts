import { createHash, randomBytes } from 'node:crypto';
import { invalidArgument } from './errors.js';

const secret = randomBytes(16);

function seal(list: string, offset: string): string {
  return createHash('sha256')
    .update(secret)
    .update(JSON.stringify([list, offset]))
    .digest('base64url')
    .slice(0, 16);
}

/** Returns one page and the next one's token. `list` identifies list and filters: a token of another is refused. */
export function pageOf<T>(
  list: string,
  entries: readonly T[],
  size: number,
  token: string | null,
): { page: T[]; nextPageToken?: string } {
  const start = token ? readToken(list, token) : 0;
  const end = start + size;
  const page = entries.slice(start, end);
  return end < entries.length ? { page, nextPageToken: tokenOf(list, end) } : { page };
}

function tokenOf(list: string, offset: number): string {
  const start = offset.toString(36);
  return Buffer.from(`${start}.${seal(list, start)}`).toString('base64url');
}

function readToken(list: string, token: string): number {
  const [start = '', sealed] = Buffer.from(token, 'base64url').toString().split('.');
  if (sealed !== seal(list, start)) throw invalidArgument('Page token is invalid.');
  return Number.parseInt(start, 36);
}
