import { type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  FigureSourceModel,
  SearchMetricsModel,
  SearchQueryConnectionModel,
  SearchSourceModel,
} from '#integrations/models.js';
import { alpha3Of } from '#integrations/providers/countries.js';
import type {
  SearchDimension as ProviderDimension,
  SearchCoverage,
  UnreadableRow,
} from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { settleAll } from '#integrations/services/ask/settle-all.js';
import { unreadableRowsOf } from '#integrations/services/ask/unreadable-rows.js';
import {
  type AnswerToExplain,
  type ExplainedRow,
  withExplanations,
} from '#integrations/services/explain/explain-figures.js';
import type { FoundBreakdown } from '#integrations/services/figures/breakdown-question.js';
import { type AskedAnswer, readBreakdownSources } from '#integrations/services/figures/breakdown-sources.js';
import { breakdownStatement } from '#integrations/services/figures/breakdown-statement.js';
import {
  type DaysArguments,
  type FigureDays,
  figureUnits,
  includedDays,
} from '#integrations/services/figures/figure-days.js';
import { checkGrouping, type MetricOrder, timeUnitOf } from '#integrations/services/figures/grouping.js';
import { type AfterRow, positionOf } from '#integrations/services/figures/page-sql.js';
import { coverageQuestion, coveredDays, positionsOf } from '#integrations/services/history/kinds/search.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { checkText } from '#integrations/services/shared/check-text.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type PageArguments, pageOf } from '#kit/page.js';
import { createSearchRowOf, searchFiguresOf } from './search-row.js';
import {
  copiedBreakdownOf,
  type SearchDimension,
  type SearchFilter,
  type SearchMetric,
  searchShape,
  type ValueDimension,
  valueDimensionsOf,
  valueFilters,
} from './search-shape.js';

/** What Search Console has of a day and type of search at most. https://developers.google.com/webmaster-tools/limits */
const MAX_ROWS = 50_000;
const MAX_COUNTRIES = 100;

export interface SearchQueriesArguments extends PageArguments, DaysArguments {
  organizationId: string;
  groupBy: SearchDimension[];
  filter?: SearchFilter | null;
  orderBy?: MetricOrder<SearchMetric> | null;
}

interface SearchAnswer extends AskedAnswer {
  coverage: SearchCoverage;
  unreadable: UnreadableRow[];
}

function checkQuestion({ groupBy, filter, orderBy, first }: SearchQueriesArguments, isCompared: boolean): void {
  checkPageSize(first);
  checkGrouping({ groupBy, orderBy, conditions: filter?.metrics }, { isCompared });
  for (const name of ['queryContains', 'queryNotContains', 'pageContains'] as const)
    checkText(`filter.${name}`, filter?.[name]);
  checkSize('filter.countries', filter?.countries, MAX_COUNTRIES);
  const unknown = filter?.countries?.find((code) => !alpha3Of(code));
  if (unknown !== undefined)
    throw refusal('filter.countries', `names "${unknown}", which is no ISO 3166-1 alpha-2 code`);
}

async function ask(
  context: Context,
  account: Account,
  { range, dimensions, isDated }: { range: DayRange; dimensions: ValueDimension[]; isDated: boolean },
): Promise<SearchAnswer | undefined> {
  const names = dimensions.map((dimension) => dimension.toLowerCase() as ProviderDimension);
  const today = dayIn(account.timeZone, context.services.now());
  const [answer, coverage] = await settleAll([
    context.loadAnswer({
      product: 'searchQueries',
      account,
      range,
      dimensions: isDated ? [...names, 'date'] : names,
      dataState: 'all',
      limit: MAX_ROWS,
    }),
    context.loadAnswer(coverageQuestion(account, today)),
  ]);
  if (!answer || !coverage) return undefined;
  const { rows, unreadable } = answer.found;
  return {
    fetchedAt: answer.fetchedAt,
    isStale: answer.isStale,
    coverage: coverage.found,
    unreadable,
    rows: rows.map(({ keys, ...row }) => ({
      day: isDated ? (keys.at(-1) ?? null) : null,
      values: keys.slice(0, names.length),
      figures: [String(row.clicks), String(row.impressions), positionsOf(row)],
    })),
  };
}

/** How far a site is reported, and whether that may change, is as Google says. */
function sourceOf(
  context: Context,
  { range }: FigureDays,
  source: FigureSourceModel,
  answers: SearchAnswer[],
): SearchSourceModel {
  const isTruncated = answers.some(({ rows }) => rows.length >= MAX_ROWS);
  const coverage = answers[0]?.coverage;
  if (!coverage || source.state === 'MISSING') return { ...source, isTruncated };
  const { lastDay, lastFinalDay } = coveredDays(coverage, dayIn(source.account.timeZone, context.services.now()));
  const last = firstOf(range.end, lastDay);
  return {
    ...source,
    state: source.state === 'STALE' ? 'STALE' : range.end <= lastFinalDay ? 'COMPLETE' : 'NOT_FINAL',
    reportedThrough: last < range.start ? null : last,
    finalThrough: lastFinalDay,
    isTruncated,
  };
}

interface Question {
  given: SearchQueriesArguments;
  days: FigureDays;
  accounts: Account[];
  groupBy: SearchDimension[];
  page: { first: number; after: AfterRow | null };
}

async function find(context: Context, { given, days, accounts, groupBy, page }: Question) {
  const { filter, orderBy, organizationId, compareTo } = given;
  const isTotal = groupBy.length === 0;
  const dimensions = valueDimensionsOf(groupBy, filter);
  const unit = timeUnitOf(groupBy);
  const sources = await readBreakdownSources(context, {
    ...days,
    accounts,
    copied: copiedBreakdownOf(dimensions),
    ask: (account, range) => ask(context, account, { range, dimensions, isDated: unit !== undefined }),
    restatedDaysOf: () => null,
  });
  const { text, values } = breakdownStatement({
    shape: searchShape(dimensions),
    organizationId,
    clientIds: context.visible.clientIds,
    accounts,
    gaps: sources.flatMap(({ gaps }) => gaps),
    asked: sources.flatMap(({ asked }) => asked),
    ...days,
    dimensions: groupBy,
    units: unit && figureUnits(days, unit, compareTo),
    filters: valueFilters(filter ?? {}),
    conditions: isTotal && given.groupBy.length > 0 ? [] : (filter?.metrics ?? []),
    order: orderBy ?? null,
    ...page,
  });
  const [found] = await context.laggingReads.query<[FoundBreakdown]>(text, values);
  context.usage.rowsRead += found.rowsRead;
  return { sources, found };
}

/**
 * Returns what people searched for before they saw the sites of an organization, grouped and compared. Days that are not
 * copied are asked of Search Console. Throws InvalidInput, and NotFound for an unknown client or account.
 */
export async function readSearchQueries(
  context: Context,
  given: SearchQueriesArguments,
): Promise<SearchQueryConnectionModel> {
  const { organizationId, groupBy, filter, first } = given;
  const days = await includedDays(context, given);
  const isCompared = days.compared !== null;
  checkQuestion(given, isCompared);
  const { clientIds, accountIds } = filter ?? {};
  const accounts = await listAccounts(context, { organizationId, clientIds, accountIds, product: 'search-queries' });
  const page = { first, after: positionOf(given) };
  // Rows of values do not add up to the results of a site.
  const isNarrowed = valueDimensionsOf([], filter).length > 0 || (filter?.metrics?.length ?? 0) > 0;
  const needsTotal = !isNarrowed && valueDimensionsOf(groupBy, filter).length > 0;
  const [{ found, sources }, total] = await Promise.all([
    find(context, { given, days, accounts, groupBy, page }),
    needsTotal ? find(context, { given, days, accounts, groupBy: [], page: { first: 1, after: null } }) : undefined,
  ]);
  const paged = pageOf(found.rows, given, ({ sortedBy, key }) => [sortedBy, key]);
  const rowOf = createSearchRowOf(groupBy, accounts, isCompared);
  const totals = searchFiguresOf((total ?? { found }).found.total, isCompared);
  const bySource = sources.map(({ completeness, answers }) => sourceOf(context, days, completeness, answers));
  const explained: AnswerToExplain<SearchMetricsModel, ExplainedRow> = {
    given,
    range: days.range,
    accounts,
    sources: bySource,
    sums: { rows: searchFiguresOf(found.total, false).metrics, totals: totals.metrics },
    conditionsOfRow: () => (valueDimensionsOf(groupBy, null).length > 0 ? null : {}),
    ask: (changes) => readSearchQueries(context, { ...given, ...changes }),
  };
  return {
    ...paged,
    ...withExplanations(context, explained, {
      edges: paged.edges.map(({ cursor, node }) => ({ cursor, node: rowOf(node) })),
      totals,
    }),
    ...days,
    totalCount: found.count,
    sources: bySource,
    unreadable: unreadableRowsOf(sources),
  };
}
