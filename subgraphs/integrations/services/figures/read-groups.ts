import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureRow, FigureTotal } from '#integrations/models.js';
import { type Page, type PageArguments, pageOf } from '#kit/page.js';
import { type FoundGroups, type GroupedQuestion, type GroupedRow, groupedStatement } from './grouped-statement.js';
import type { Side } from './metric-sql.js';

/** Returns of which sides any source has reported days. */
export const reportedSides = (sources: { isReported: Record<Side, boolean> }[]): Record<Side, boolean> => ({
  current: sources.some(({ isReported }) => isReported.current),
  previous: sources.some(({ isReported }) => isReported.previous),
});

export interface ReadGroups<Row> {
  page: Page<Row>;
  count: number;
  totals: FigureTotal;
}

/** A row whose own dimension is to be added. */
export interface ReadRow extends FigureRow, Pick<GroupedRow, 'details'> {
  dimensionOf(dimension: string): string | null;
}

/** Returns a page of grouped figures with their totals. `rowOf` adds the dimensions of a kind of figures. */
export async function readGroups<Row>(
  context: Context,
  question: GroupedQuestion,
  { accounts, page, rowOf }: { accounts: Account[]; page: PageArguments; rowOf: (row: ReadRow) => Row },
): Promise<ReadGroups<Row>> {
  const { dimensions, parameters, compared } = question;
  const text = groupedStatement(question);
  const [answer] = await context.laggingReads.query<[{ found: FoundGroups }]>(text, parameters.values);
  const { count, rows, totals, rowsRead } = answer.found;
  context.usage.rowsRead += rowsRead;
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const sumsOf = ({ current, previous }: FoundGroups['totals']): FigureTotal => ({
    metrics: current,
    previous: compared ? previous : null,
  });
  const readRow = (row: GroupedRow): ReadRow => {
    const dimensionOf = (dimension: string) => row.dimensions[dimensions.indexOf(dimension)] ?? null;
    return {
      dimensionOf,
      details: row.details,
      account: byId.get(dimensionOf('ACCOUNT') ?? '') ?? null,
      clientId: dimensionOf('CLIENT'),
      day: dimensionOf('DAY'),
      week: dimensionOf('WEEK'),
      month: dimensionOf('MONTH'),
      ...sumsOf(row),
    };
  };
  const { edges, pageInfo } = pageOf(rows, page, ({ sortedBy, key }) => [sortedBy, key]);
  return {
    page: { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: rowOf(readRow(node)) })) },
    count,
    totals: sumsOf(totals),
  };
}
