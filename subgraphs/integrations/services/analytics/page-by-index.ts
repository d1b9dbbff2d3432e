import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';

function indexIn(cursor: string): number {
  const [index] = decodeCursor(cursor, 1);
  if (Number.isSafeInteger(index) && (index as number) >= 0) return index as number;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

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
