import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';

const position = z.tuple([z.int().nonnegative()]);

const indexIn = (cursor: string): number => readCursor(position, cursor)[0];

/** Returns how many rows fill a page, rounded up so that pages share an answer. */
export function rowsFor({ first, after }: PageArguments, step: number): number {
  checkPageSize(first);
  const start = after ? indexIn(after) + 1 : 0;
  return Math.ceil((start + first + 1) / step) * step;
}

/** Returns a page of a list in the provider's order. */
export function pageByIndex<Row>(rows: Row[], page: PageArguments): Page<Row> {
  const start = page.after ? indexIn(page.after) + 1 : 0;
  const wanted = rows.slice(start, start + page.first + 1).map((row, offset) => ({ row, index: start + offset }));
  const { edges, pageInfo } = pageOf(wanted, page, ({ index }) => [index]);
  return { edges: edges.map(({ cursor, node }) => ({ cursor, node: node.row })), pageInfo };
}
