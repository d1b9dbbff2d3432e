import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel, PerformanceModel } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { type ExplainableRow, explainPerformance } from '#integrations/services/explain/explain-performance.js';
import { type FigureDays, figureUnits, includedDays } from '#integrations/services/figures/figure-days.js';
import { checkGrouping, timeUnitOf } from '#integrations/services/figures/grouping.js';
import { positionOf } from '#integrations/services/figures/page-sql.js';
import { checkCurrency, convertAmounts } from '#integrations/services/rates/convert-amounts.js';
import { checkText } from '#integrations/services/shared/check-text.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, pageOf } from '#kit/page.js';
import { findPerformance } from './find-performance.js';
import type { AdSums, FoundTotal } from './found-performance.js';
import {
  amounts,
  breakdownOf,
  type Metric,
  type PerformanceArguments,
  type PerformanceQuestion,
} from './performance-question.js';
import { actionsOf } from './read-actions.js';
import { checkBreakdowns, readBreakdown } from './read-breakdown.js';
import { type ReadSource, readSources } from './read-sources.js';
import { createRowOf, createTotalOf } from './row-of.js';
import { needsCampaigns } from './tables-of.js';

function checkQuestion({ groupBy, filter, orderBy, currency, first }: PerformanceArguments, isCompared: boolean): void {
  checkPageSize(first);
  if (typeof currency === 'string') checkCurrency(currency);
  checkGrouping({ groupBy, orderBy, conditions: filter?.metrics }, { isCompared });
  checkText('filter.nameContains', filter?.nameContains);
}

/** Amounts in different currencies do not compare. */
function checkCurrencies({ orderBy, filter, currency }: PerformanceArguments, accounts: Account[]): void {
  if (typeof currency === 'string') return;
  const currencies = [...new Set(accounts.map(({ currency }) => currency))].sort();
  if (currencies.length < 2) return;
  const problem = `compares amounts in several currencies (${currencies.join(', ')}): convert them with "currency", or filter accounts of one`;
  if (orderBy && amounts.has(orderBy.metric)) throw refusal('orderBy', problem);
  if (filter?.metrics?.some(({ metric }) => amounts.has(metric))) throw refusal('filter.metrics', problem);
}

async function findAccounts(context: Context, { organizationId, filter }: PerformanceArguments): Promise<Account[]> {
  const { providers, clientIds, accountIds } = filter ?? {};
  return listAccounts(context, { organizationId, providers, clientIds, accountIds, product: 'campaigns' });
}

const nothing: AdSums = { impressions: '0', clicks: '0', cost: '0', conversions: '0', value: '0' };

/** Adds totals of zero in the currencies of accounts whose figures are known, and that no figure is in. */
function withNothing(totals: FoundTotal[], sources: ReadSource[], currency: string | null | undefined): FoundTotal[] {
  const known = sources.filter(({ completeness }) => completeness.state !== 'MISSING');
  const currencies = new Set(known.map(({ account }) => currency ?? currencyOf(account)));
  for (const total of totals) currencies.delete(total.currency);
  const empty = [...currencies].map((code) => ({ currency: code, current: nothing, previous: nothing }));
  return [...totals, ...empty].sort((one, other) => (one.currency < other.currency ? -1 : 1));
}

/** The arguments of figures as a whole. */
const ALL: Pick<PerformanceArguments, 'groupBy' | 'orderBy' | 'first' | 'after'> = {
  groupBy: [],
  orderBy: null,
  first: 1,
  after: null,
};

/** Sources, said to be missing where they are so in the totals. */
function withMissing(sources: FigureSourceModel[], totals: FigureSourceModel[]): FigureSourceModel[] {
  const missing = new Map(totals.filter(({ state }) => state === 'MISSING').map((one) => [one.account.id, one]));
  return sources.map((source) => (source.state === 'MISSING' ? source : (missing.get(source.account.id) ?? source)));
}

/** Returns the accounts and days of a question. Throws InvalidInput and NotFound where it cannot be asked. */
export async function checkPerformance(
  context: Context,
  given: PerformanceArguments,
): Promise<{ accounts: Account[]; days: FigureDays }> {
  const days = await includedDays(context, given);
  checkQuestion(given, days.compared !== null);
  const accounts = await findAccounts(context, given);
  checkCurrencies(given, accounts);
  checkBreakdowns(context, given.groupBy, accounts);
  return { accounts, days };
}

/**
 * Returns what advertising of an organization achieved and cost over a range, grouped and compared, with how complete it
 * is. Days that are not copied are asked of their providers. Throws InvalidInput, and NotFound for an unknown client or
 * account.
 */
export async function readPerformance(context: Context, given: PerformanceArguments): Promise<PerformanceModel> {
  const { organizationId, groupBy, filter, orderBy, compareTo, currency, first } = given;
  const position = positionOf(given);
  const { accounts, days } = await checkPerformance(context, given);
  const { range, compared } = days;
  const { status, nameContains } = filter ?? {};
  const isOfCampaigns = needsCampaigns({ status, nameContains, dimensions: groupBy });
  const unit = timeUnitOf(groupBy);
  const by = breakdownOf(groupBy);
  const readAll = (needsAll: boolean) => {
    const ranges = { accounts, range, compared, needsCampaigns: needsAll };
    if (!by) return readSources(context, ranges);
    return readBreakdown(context, { ...ranges, by, timeUnit: unit, isConverted: typeof currency === 'string' });
  };
  const read = await readAll(isOfCampaigns);
  const converted =
    typeof currency === 'string' ? await convertAmounts(context, { currency, sources: read, days }) : null;
  const sources = converted?.sources ?? read;
  const question: PerformanceQuestion = {
    organizationId,
    clientIds: context.visible.clientIds,
    sources,
    asked: sources.flatMap(({ asked }) => asked),
    listed: sources.flatMap(({ listed }) => listed),
    range,
    compared,
    dimensions: groupBy,
    amounts: converted?.amounts ?? null,
    units: unit && figureUnits(days, unit, compareTo),
    status,
    nameContains: nameContains || null,
    conditions: filter?.metrics ?? [],
    order: orderBy ?? null,
    first,
    after: position,
  };
  const found = await findPerformance(context, question);
  const completeness = [...sources.map((source) => source.completeness), ...(converted?.left ?? [])];
  // Providers withhold figures of few people: without conditions on rows, totals are those of all figures.
  const isWhole = by && !filter?.metrics?.length;
  const whole = isWhole ? await readPerformance(context, { ...given, ...ALL }) : null;
  const page = pageOf(found.rows, given, ({ sortedBy, key }) => [sortedBy, key]);
  const isCompared = compared !== null;
  const actionsAt = actionsOf(context, async () => {
    // What campaigns are for decides which actions are their results.
    const all = await readAll(true);
    const listed = all.flatMap((source) => source.listed);
    return by ? { ...question, listed, asked: all.flatMap(({ asked }) => asked) } : { ...question, listed };
  });
  const rowOf = createRowOf(groupBy, accounts, createTotalOf('rows', actionsAt, isCompared));
  const totalOf = createTotalOf('totals', actionsAt, isCompared);
  const answer = {
    range,
    sources: whole ? withMissing(completeness, whole.sources) : completeness,
    conversion: converted?.conversion ?? null,
  };
  const ask = (changes: Partial<PerformanceArguments>) => readPerformance(context, { ...given, ...changes });
  const explainable = <Row extends ExplainableRow>(row: Row) => ({
    ...row,
    explain: (metric: Metric) => explainPerformance(context, { metric, row, given, answer, accounts, ask }),
  });
  return {
    ...answer,
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: explainable(rowOf(node)) })),
    compared,
    totalCount: async () => (await found.all()).count,
    totals: async () => {
      if (whole) return whole.totals();
      const { totals } = await found.all();
      return withNothing(totals, sources, currency).map((total) =>
        explainable(totalOf({ ...total, key: total.currency })),
      );
    },
  };
}
