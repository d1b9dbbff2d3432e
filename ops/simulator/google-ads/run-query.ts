import type { Account } from '#simulator/data/campaign.js';
import type { World } from '#simulator/world.js';
import { failure } from './errors.js';
import { checkQuery, readsMetrics } from './gaql/check.js';
import { evaluate } from './gaql/evaluate.js';
import { parseGaql } from './gaql/parse.js';
import { GaqlError, type Query } from './gaql/query.js';
import { camelPath, type Row, rowPrinter } from './gaql/row.js';

export interface QueryResult {
  rows: Row[];
  print: (row: Row) => unknown;
  fieldMask: string;
  /** Totals of the selected metrics; undefined without metrics. */
  summaryRow: { metrics: Record<string, string | number> } | undefined;
}

/** Parses and checks a query; throws Google's error. */
export function readQuery(text: string, version: string): Query {
  return withQueryErrors(version, () => {
    const query = parseGaql(text);
    checkQuery(query);
    return query;
  });
}

/** Whether a query reads more than connecting an account needs. */
export function readsCampaigns(query: Query): boolean {
  return query.from === 'campaign' || readsMetrics(query);
}

/** Runs a query for one customer. */
export function runQuery(query: Query, account: Account, world: World, version: string): QueryResult {
  const rows = withQueryErrors(version, () => evaluate(query, account, world.clock.now()));
  return {
    rows,
    print: rowPrinter(query),
    fieldMask: query.select.map(camelPath).join(','),
    summaryRow: summaryOf(query, rows),
  };
}

// Ratios cannot be summed.
const ADDABLE = /^metrics\.(impressions|clicks|interactions|cost_micros|(all_)?conversions(_value)?)$/;

function summaryOf(query: Query, rows: Row[]): QueryResult['summaryRow'] {
  const names = query.select.filter((name) => name.startsWith('metrics.'));
  if (names.length === 0) return undefined;
  return {
    metrics: Object.fromEntries(
      names
        .filter((name) => ADDABLE.test(name))
        .map((name) => {
          const sum = rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
          return [camelPath(name).slice('metrics.'.length), typeof rows[0]?.[name] === 'number' ? sum : String(sum)];
        }),
    ),
  };
}

function withQueryErrors<T>(version: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GaqlError)) throw error;
    throw failure(version, 400, {
      group: 'queryError',
      code: error.code,
      message: error.message,
      field: 'query',
      ...(error.trigger !== undefined && { trigger: error.trigger }),
    });
  }
}
