import type { Days } from '#reporting/dataset/dataset.js';
import type { Comparison, Report } from '#reporting/entities/report.js';
import { catalogues } from '#reporting/templates/catalogue.js';
import { givenFilter } from '#reporting/templates/check-definition.js';
import type { SectionDefinition } from '#reporting/templates/definition.js';
import { type Answered, isComparedSection } from '#reporting/templates/section-columns.js';
import { operationText } from './graph.js';

/** What all sections of a report share. */
export interface Covered {
  range: Days;
  compared: Days | null;
  /** How the graph derives the compared days; null where it takes the days themselves. */
  compareTo: Comparison | null;
  /** Empty = all. */
  clientIds: string[];
  currency: string | null;
}

/** Returns what the sections of a report cover. */
export function coveredBy(
  report: Pick<
    Report,
    'rangeStart' | 'rangeEnd' | 'comparedStart' | 'comparedEnd' | 'compareTo' | 'clientIds' | 'currency'
  >,
): Covered {
  const { rangeStart, rangeEnd, comparedStart, comparedEnd, compareTo, clientIds, currency } = report;
  const compared = comparedStart && comparedEnd ? { start: comparedStart, end: comparedEnd } : null;
  return { range: { start: rangeStart, end: rangeEnd }, compared, compareTo, clientIds, currency };
}

/** One question of a section: it has several where the graph answers a month at a time. */
export interface Question {
  query: string;
  variables: Record<string, unknown>;
}

/** A page of an answer, alike for each kind of section. */
export interface AnsweredPage {
  rows: Answered[];
  hasNextPage: boolean;
  endCursor: string | null;
  totalCount: number;
  totals: Answered[];
  sources: Answered[];
  unreadable: { account: { id: string; name: string } | null; row: string; field: string }[];
  conversion: Answered | null;
}

/** Returns the clients that both the report and the section are limited to; null = no limit, empty = none. */
function clientsOf(covered: readonly string[], filtered: readonly string[] | null | undefined): string[] | null {
  if (!filtered) return covered.length > 0 ? [...covered] : null;
  return covered.length > 0 ? filtered.filter((id) => covered.includes(id.toLowerCase())) : [...filtered];
}

const monthsOf = ({ start, end }: Days): string[] => {
  const months: string[] = [];
  let [year = 0, month = 1] = start.split('-').map(Number);
  for (;;) {
    const first = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
    if (first > end) return months;
    months.push(first);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
};

/** Returns the questions of a section to the graph, in order; none where no client is left to ask for. */
export function questionsOf(section: SectionDefinition, covered: Covered): Question[] {
  const { kind, groupBy, orderBy, filter, dimensions, furtherMetrics } = section;
  if (kind === 'TEXT') return [];
  const catalogue = catalogues[kind];
  const query = operationText(catalogue.operation);
  const clientIds = clientsOf(covered.clientIds, filter?.clientIds);
  if (clientIds?.length === 0) return [];
  const given = { ...givenFilter(filter), ...(clientIds && { clientIds }) };
  if (kind === 'ACCOUNTS') return [{ query, variables: given }];
  if (kind === 'BUDGETS')
    return monthsOf(covered.range).map((month) => ({ query, variables: { month, filter: given } }));
  const { range, compared, compareTo } = covered;
  const comparison =
    compared && isComparedSection(section) ? (compareTo ? { compareTo } : { compareRange: compared }) : {};
  const variables = {
    range,
    ...comparison,
    groupBy: groupBy ?? catalogue.groupBy,
    filter: given,
    ...(orderBy && { orderBy }),
    ...(kind === 'PERFORMANCE' && covered.currency && { currency: covered.currency }),
    ...(kind === 'ANALYTICS' && { dimensions, metrics: furtherMetrics }),
  };
  return [{ query, variables }];
}

interface Connection {
  edges: { node: Answered }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
  totals?: Answered | Answered[];
  sources?: Answered[];
  unreadable?: AnsweredPage['unreadable'];
  conversion?: Answered | null;
}

interface Named {
  id?: string;
  externalId?: string;
  name: string;
}

interface Budget extends Answered {
  client: Named | null;
  account: Named | null;
  campaigns: Named[] | null;
  forecast: { amount: unknown; low: unknown; high: unknown } | null;
  sources: Answered[];
}

/** A budget as a row: its target in one column, its amounts as figures. */
function budgetRow(budget: Answered): Answered {
  const { client, account, campaigns, forecast, month, through, currency, ...figures } = budget as Budget;
  const targets = [client, account, ...(campaigns ?? [])].flatMap((target) => target ?? []);
  return {
    target: targets.map(({ name }) => name).join(', '),
    targetId: targets.map(({ id, externalId }) => id ?? externalId).join(', '),
    month,
    through,
    currency,
    metrics: { ...figures, forecast: forecast?.amount, forecastLow: forecast?.low, forecastHigh: forecast?.high },
  };
}

const EMPTY = { totals: [], sources: [], unreadable: [], conversion: null };

/** Returns a page of an answer. Throws an Error for an answer without it. */
export function pageOf(kind: keyof typeof catalogues, data: unknown): AnsweredPage {
  const found = (data as { organization: Record<string, unknown> | null } | null)?.organization?.[
    catalogues[kind].answer
  ];
  if (!found) throw new Error(`The gateway answered without ${catalogues[kind].answer}.`);
  if (kind === 'ACCOUNTS') {
    const rows = (found as (Answered & Named)[]).map((account) => ({ ...account, account }));
    return { ...EMPTY, rows, hasNextPage: false, endCursor: null, totalCount: rows.length };
  }
  const {
    edges,
    pageInfo,
    totalCount,
    totals = [],
    sources = [],
    unreadable = [],
    conversion = null,
  } = found as Connection;
  const nodes = edges.map(({ node }) => node);
  const shared = {
    hasNextPage: pageInfo.hasNextPage,
    endCursor: pageInfo.endCursor,
    totalCount,
    unreadable,
    conversion,
  };
  if (kind === 'BUDGETS') {
    return {
      ...shared,
      rows: nodes.map(budgetRow),
      totals: [],
      sources: nodes.flatMap((node) => (node as Budget).sources),
    };
  }
  return { ...shared, rows: nodes, totals: Array.isArray(totals) ? totals : [totals as Answered], sources };
}
