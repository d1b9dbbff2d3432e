import type { DayRange } from '#integrations/calendar-day.js';
import { countDays, dayIn } from '#integrations/calendar-day.js';
import { type Comparison, comparedDays, comparedUnitsOf, type TimeUnit, unitsOf } from '#integrations/compared-days.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { PerformanceModel } from '#integrations/models.js';
import { type Period, periodDays } from '#integrations/period-days.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { checkPageSize, decodeCursor, type PageArguments, pageOf } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import type { FoundPerformance } from './found-performance.js';
import {
  amounts,
  type Dimension,
  type MetricCondition,
  type MetricOrder,
  type PerformanceQuestion,
} from './performance-question.js';
import { performanceStatement, timeUnits } from './performance-statement.js';
import { readSources } from './read-sources.js';
import { createRowOf, sumsOf } from './row-of.js';

const MAX_DAYS = 800;
const MAX_DIMENSIONS = 3;
const MAX_CONDITIONS = 10;
const MAX_NAME = 200;
const FIRST_DAY = '2000-01-01';
const DEFAULT_PERIOD: Period = 'LAST_30D';

export interface PerformanceFilter {
  providers?: string[] | null;
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  status?: CampaignRow['status'][] | null;
  nameContains?: string | null;
  metrics?: MetricCondition[] | null;
}

export interface PerformanceArguments extends PageArguments {
  organizationId: string;
  timeZone: string;
  period?: Period | null;
  range?: DayRange | null;
  compareTo?: Comparison | null;
  compareRange?: DayRange | null;
  groupBy: Dimension[];
  filter?: PerformanceFilter | null;
  orderBy?: MetricOrder | null;
}

const refusal = (argument: string, problem: string) => new InvalidInput([{ argument, problem }]);

function checkDays(argument: string, { start, end }: DayRange): void {
  if (end < start) throw refusal(argument, 'must not end before it starts');
  if (start < FIRST_DAY) throw refusal(argument, `must not start before ${FIRST_DAY}`);
  if (countDays(start, end) > MAX_DAYS) throw refusal(argument, `must not be longer than ${MAX_DAYS} days`);
}

/** Returns the days in question. Throws InvalidInput. */
function rangesOf(context: Context, given: PerformanceArguments): { range: DayRange; compared: DayRange | null } {
  const { period, timeZone, compareTo, compareRange } = given;
  if (period && given.range) throw refusal('period', 'and "range" must not be given both');
  if (compareTo && compareRange) throw refusal('compareTo', 'and "compareRange" must not be given both');
  const range = given.range ?? periodDays(period ?? DEFAULT_PERIOD, dayIn(timeZone, context.services.now()));
  checkDays('range', range);
  if (compareRange) checkDays('compareRange', compareRange);
  const compared = compareRange ?? (compareTo ? comparedDays(range, compareTo, period ?? undefined) : null);
  return { range, compared };
}

function checkQuestion({ groupBy, filter, orderBy, first }: PerformanceArguments, isCompared: boolean): void {
  checkPageSize(first);
  if (groupBy.length > MAX_DIMENSIONS) throw refusal('groupBy', `must not have more than ${MAX_DIMENSIONS} dimensions`);
  if (new Set(groupBy).size < groupBy.length) throw refusal('groupBy', 'must not have a dimension twice');
  if (groupBy.filter((one) => timeUnits.includes(one)).length > 1)
    throw refusal('groupBy', 'must have one of DAY, WEEK and MONTH only');
  checkSize('filter.metrics', filter?.metrics, MAX_CONDITIONS);
  if ((filter?.nameContains?.length ?? 0) > MAX_NAME)
    throw refusal('filter.nameContains', `must not be longer than ${MAX_NAME} characters`);
  const values = [
    { argument: 'orderBy', value: orderBy?.value },
    ...(filter?.metrics ?? []).map(({ value }) => ({ argument: 'filter.metrics', value })),
  ];
  for (const { argument, value = 'CURRENT' } of values) {
    if (!isCompared && value !== 'CURRENT') throw refusal(argument, `needs "compareTo" or "compareRange" for ${value}`);
  }
}

/** Amounts in different currencies do not compare. */
function checkCurrencies({ orderBy, filter }: PerformanceArguments, accounts: Account[]): void {
  const currencies = [...new Set(accounts.map(({ currency }) => currency))].sort();
  if (currencies.length < 2) return;
  const problem = `compares amounts in several currencies (${currencies.join(', ')}): filter accounts of one`;
  if (orderBy && amounts.has(orderBy.metric)) throw refusal('orderBy', problem);
  if (filter?.metrics?.some(({ metric }) => amounts.has(metric))) throw refusal('filter.metrics', problem);
}

async function findAccounts(context: Context, { organizationId, filter }: PerformanceArguments): Promise<Account[]> {
  const { providers, clientIds, accountIds } = filter ?? {};
  const accounts = await listAccounts(context, { organizationId, providers, clientIds, accountIds });
  return accounts.filter(
    ({ providerId, currency }) => currency !== null && context.providers.find(providerId)?.readers.campaignDays,
  );
}

function unitsOfQuestion(
  groupBy: Dimension[],
  range: DayRange,
  compared: DayRange | null,
  compareTo: Comparison | null | undefined,
): PerformanceQuestion['units'] {
  const unit = groupBy.find((dimension) => timeUnits.includes(dimension)) as TimeUnit | undefined;
  if (!unit) return undefined;
  return {
    current: unitsOf(range, unit),
    previous: compared ? comparedUnitsOf(compared, range, unit, compareTo === 'PREVIOUS_YEAR') : [],
  };
}

/**
 * Returns what advertising of an organization achieved and cost over a range, grouped and compared, with how complete it
 * is. Days that are not copied are asked of their providers. Throws InvalidInput, and NotFound for an unknown client or
 * account.
 */
export async function readPerformance(context: Context, given: PerformanceArguments): Promise<PerformanceModel> {
  const { organizationId, groupBy, filter, orderBy, compareTo, first, after } = given;
  const { range, compared } = rangesOf(context, given);
  checkQuestion(given, compared !== null);
  const accounts = await findAccounts(context, given);
  checkCurrencies(given, accounts);
  const { status, nameContains } = filter ?? {};
  const needsCampaigns =
    Boolean(status || nameContains) || groupBy.some((one) => ['CAMPAIGN', 'STATUS', 'OBJECTIVE'].includes(one));
  const sources = await readSources(context, { accounts, range, compared, needsCampaigns });
  const { text, values } = performanceStatement({
    organizationId,
    sources,
    asked: sources.flatMap(({ asked }) => asked),
    listed: sources.flatMap(({ listed }) => listed),
    range,
    compared,
    dimensions: groupBy,
    units: unitsOfQuestion(groupBy, range, compared, compareTo),
    status,
    nameContains: nameContains || null,
    conditions: filter?.metrics ?? [],
    order: orderBy ?? null,
    first,
    after: after ? (decodeCursor(after, 2) as [string | null, string]) : null,
  });
  const [found] = await context.database.query<[FoundPerformance]>(text, values);
  const page = pageOf(found.rows, given, ({ sortedBy, key }) => [sortedBy, key]);
  const isCompared = compared !== null;
  const rowOf = createRowOf(groupBy, accounts, isCompared);
  return {
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: rowOf(node) })),
    range,
    compared,
    totalCount: found.count,
    totals: found.totals.map((total) => sumsOf(total, isCompared)),
    sources: sources.map(({ completeness }) => completeness),
  };
}
