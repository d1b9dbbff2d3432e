import { createHash } from 'node:crypto';
import { invalidParameter } from './linkedin-error.js';
import type { RestCall } from './rest-call.js';
import { readInteger, readText } from './restli/read-value.js';

const DEFAULT_SIZE = 100;
const MAX_SIZE = 1_000;

/** Returns one page of a search; the token is missing on the last. https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/pagination */
export function pageOf<T>(items: readonly T[], call: RestCall, print: (item: T) => unknown): Record<string, unknown> {
  const { query } = call;
  const size = readInteger(query.get('pageSize') ?? String(DEFAULT_SIZE), 'pageSize', 1, MAX_SIZE);
  const token = query.get('pageToken');
  const start = token === undefined ? 0 : positionOf(readText(token, 'pageToken'), call);
  const end = start + size;
  return {
    elements: items.slice(start, end).map(print),
    metadata: end < items.length ? { nextPageToken: tokenOf(end, call) } : {},
  };
}

// Good for the same search by the same person only.
function tokenOf(position: number, { caller, segments, query }: RestCall): string {
  const question = [caller.person.id, segments, query.get('search') ?? null, query.get('sortOrder') ?? null, position];
  const seal = createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 16);
  return `Dg${Buffer.from(`${position}.${seal}`).toString('base64')}`;
}

function positionOf(token: string, call: RestCall): number {
  const [position = ''] = Buffer.from(token.slice(2), 'base64').toString().split('.');
  if (/^\d{1,9}$/.test(position) && tokenOf(Number(position), call) === token) return Number(position);
  throw invalidParameter('pageToken', 'The page token is not one of this search');
}
