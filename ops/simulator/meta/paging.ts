import type { WireRequest } from '#simulator/wire.js';
import { invalidParameter } from './graph-error.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 5_000;

/**
 * Returns one page of nodes, with their number when `summary` is `total_count` or, as Meta's Python library sends on
 * every list, `true`.
 */
export function nodePageOf<T>(items: readonly T[], request: WireRequest, print: (item: T) => unknown) {
  const requested = request.query.get('summary') ?? '';
  const isCounted = /^(true|1)$/i.test(requested) || requested.split(',').includes('total_count');
  return { ...pageOf(items, request, print), ...(isCounted && { summary: { total_count: items.length } }) };
}

/** Returns one page with cursors; the last has no `next`, an empty one no `paging`. */
export function pageOf<T>(
  items: readonly T[],
  request: WireRequest,
  print: (item: T) => unknown,
): Record<string, unknown> {
  const limit = readLimit(request.query.get('limit'));
  const { start, end } = window(request.query, limit);
  const page = items.slice(start, end);
  if (page.length === 0) return { data: [] };
  const before = cursorOf(start);
  const after = cursorOf(start + page.length - 1);
  return {
    data: page.map(print),
    paging: {
      cursors: { before, after },
      ...(end < items.length && { next: pageAddress(request, limit, 'after', after) }),
      ...(start > 0 && { previous: pageAddress(request, limit, 'before', before) }),
    },
  };
}

function window(query: URLSearchParams, limit: number): { start: number; end: number } {
  const before = query.get('before');
  if (before !== null) {
    const end = positionOf(before);
    return { start: Math.max(0, end - limit), end };
  }
  const after = query.get('after');
  const start = after === null || after === '' ? 0 : positionOf(after) + 1;
  return { start, end: start + limit };
}

function readLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  if (!/^\d+$/.test(text) || Number(text) === 0) throw invalidParameter('Param limit must be a positive integer');
  return Math.min(Number(text), MAX_LIMIT);
}

function cursorOf(position: number): string {
  return `${Buffer.from(`p${position}`).toString('base64url')}ZDZD`;
}

function positionOf(cursor: string): number {
  const position = /^p(\d+)$/.exec(Buffer.from(cursor.replace(/ZDZD$/, ''), 'base64url').toString())?.[1];
  if (position === undefined)
    throw invalidParameter('Invalid cursor: the cursor is malformed or no longer valid', 2642);
  return Number(position);
}

function pageAddress(request: WireRequest, limit: number, side: 'after' | 'before', cursor: string): string {
  const query = new URLSearchParams(request.query);
  query.delete('after');
  query.delete('before');
  query.set('limit', String(limit));
  query.set(side, cursor);
  return `${request.base}${request.path}?${query}`;
}
