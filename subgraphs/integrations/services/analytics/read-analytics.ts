import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  AnalyticsConnectionModel,
  AnalyticsMetricsModel,
  AnalyticsSourceModel,
  FigureSourceModel,
} from '#integrations/models.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { unreadableRowsOf } from '#integrations/services/ask/unreadable-rows.js';
import {
  type AnswerToExplain,
  type ExplainedRow,
  withExplanations,
} from '#integrations/services/explain/explain-figures.js';
import type { FoundBreakdown } from '#integrations/services/figures/breakdown-question.js';
import { readBreakdownSources } from '#integrations/services/figures/breakdown-sources.js';
import { breakdownStatement } from '#integrations/services/figures/breakdown-statement.js';
import {
  type DaysArguments,
  type FigureDays,
  figureUnits,
  includedDays,
} from '#integrations/services/figures/figure-days.js';
import { checkGrouping, type MetricOrder, timeUnitOf } from '#integrations/services/figures/grouping.js';
import { type AfterRow, positionOf } from '#integrations/services/figures/page-sql.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { checkText } from '#integrations/services/shared/check-text.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type PageArguments, pageOf } from '#kit/page.js';
import { isStorable } from '#runtime/database/storable-text.js';
import { parseInput } from '#runtime/parse-input.js';
import { checkNames } from './analytics-catalogue.js';
import { analyticsFiguresOf, createAnalyticsRowOf } from './analytics-row.js';
import {
  type AnalyticsDimension,
  type AnalyticsFilter,
  type AnalyticsMetric,
  type AnalyticsNames,
  analyticsShape,
  copiedBreakdownOf,
  furtherDimension,
  googleName,
  valueFilters,
} from './analytics-shape.js';
import { type AnalyticsAnswer, askAnalytics } from './ask-analytics.js';

const MAX_VALUES = 100;
const MAX_CONDITIONS = 5;

// Google's names, custom ones such as `customEvent:plan` included.
const name = z.string().regex(/^[A-Za-z_][\w:[\]-]{0,99}$/, "must be one of Google's names");
const distinct = (names: string[]) => new Set(names).size === names.length;
const names = z.object({
  dimensions: z.array(name).max(5, 'must name at most 5').refine(distinct, 'must name each once'),
  metrics: z.array(name).max(10, 'must name at most 10').refine(distinct, 'must name each once'),
  filtered: z.array(name),
});

export interface AnalyticsArguments extends PageArguments, DaysArguments {
  organizationId: string;
  groupBy: AnalyticsDimension[];
  dimensions: string[];
  metrics: string[];
  filter?: AnalyticsFilter | null;
  orderBy?: MetricOrder<AnalyticsMetric> | null;
}

function checkQuestion({ groupBy, filter, orderBy, first, ...given }: AnalyticsArguments, isCompared: boolean): void {
  checkPageSize(first);
  checkGrouping({ groupBy, orderBy, conditions: filter?.metrics }, { isCompared });
  checkSize('filter.values', filter?.values, MAX_CONDITIONS);
  const filtered = (filter?.values ?? []).map(({ dimension }) => dimension);
  parseInput(names, { dimensions: given.dimensions, metrics: given.metrics, filtered });
  for (const { contains, oneOf } of filter?.values ?? []) {
    if (!contains && !oneOf) throw refusal('filter.values', 'must have "contains" or "oneOf"');
    checkText('filter.values.contains', contains);
    checkSize('filter.values.oneOf', oneOf, MAX_VALUES);
    if (oneOf && !oneOf.every(isStorable)) throw refusal('filter.values.oneOf', 'must not contain a zero character');
  }
  const twice = groupBy.map(googleName).find((one) => one && given.dimensions.includes(one));
  if (twice) throw refusal('dimensions', `must not name "${twice}", which is in "groupBy"`);
}

/** Amounts in different currencies do not compare. */
function checkCurrencies({ orderBy, filter }: AnalyticsArguments, accounts: Account[]): void {
  const currencies = [...new Set(accounts.map(({ currency }) => currency))].sort();
  if (currencies.length < 2) return;
  const problem = `compares amounts in several currencies (${currencies.join(', ')}): filter properties of one`;
  if (orderBy?.metric === 'REVENUE') throw refusal('orderBy', problem);
  if (filter?.metrics?.some(({ metric }) => metric === 'REVENUE')) throw refusal('filter.metrics', problem);
}

/** Returns the dimensions of values that rows are about, grouped or filtered by. */
function namesOf({ groupBy, dimensions, metrics, filter }: AnalyticsArguments): AnalyticsNames {
  const grouped = groupBy.flatMap((dimension) => googleName(dimension) ?? []);
  const filtered = (filter?.values ?? []).map(({ dimension }) => dimension);
  return { dimensions: [...new Set([...grouped, ...dimensions, ...filtered])], metrics };
}

/** Returns what is known of the quality of copied days in a range, by account. */
async function readCopiedQuality(
  { laggingReads }: Context,
  { organizationId, accounts, range }: { organizationId: string; accounts: Account[]; range: DayRange },
): Promise<Map<string, string[]>> {
  const rows = await laggingReads.query<{ accountId: string; quality: string[] }[]>(
    `SELECT account_id AS "accountId", array_agg(DISTINCT mark) AS quality
     FROM integrations.history_day, unnest(quality) AS mark
     WHERE organization_id = $1 AND account_id = ANY ($2::uuid[]) AND day BETWEEN $3 AND $4
     GROUP BY account_id`,
    [organizationId, accounts.map(({ id }) => id), range.start, range.end],
  );
  return new Map(rows.map(({ accountId, quality }) => [accountId, quality]));
}

function sourceOf(source: FigureSourceModel, answers: AnalyticsAnswer[], copied: string[]): AnalyticsSourceModel {
  const marks = new Set([...answers.flatMap(({ quality }) => quality), ...copied]);
  return {
    ...source,
    isTruncated: answers.some(({ isTruncated }) => isTruncated),
    quality:
      source.state === 'MISSING'
        ? null
        : {
            isSampled: marks.has('SAMPLED'),
            isThresholded: marks.has('THRESHOLDED'),
            hasOtherRow: marks.has('OTHER_ROW'),
          },
  };
}

interface Question {
  given: AnalyticsArguments;
  days: FigureDays;
  accounts: Account[];
  leftOut: ReadonlySet<string>;
  after: AfterRow | null;
}

async function find(context: Context, { given, days, accounts, leftOut, after }: Question) {
  const { organizationId, groupBy, dimensions, filter, orderBy, compareTo, first } = given;
  const asked = namesOf(given);
  const unit = timeUnitOf(groupBy);
  const sources = await readBreakdownSources(context, {
    ...days,
    accounts,
    copied: copiedBreakdownOf(asked),
    ask: (account, range) => askAnalytics(context, account, { range, names: asked, unit, leftOut }),
    restatedDaysOf: (account) => {
      const history = context.providers.find(account.providerId)?.history;
      return history ? restatedDaysOf(account, history) : null;
    },
  });
  const { text, values } = breakdownStatement<string, AnalyticsMetric>({
    shape: analyticsShape(asked),
    organizationId,
    clientIds: context.visible.clientIds,
    accounts,
    gaps: sources.flatMap(({ gaps }) => gaps),
    asked: sources.flatMap((source) => source.asked),
    ...days,
    dimensions: [...groupBy, ...dimensions.map(furtherDimension)],
    units: unit && figureUnits(days, unit, compareTo),
    filters: valueFilters(filter?.values ?? [], asked),
    conditions: filter?.metrics ?? [],
    order: orderBy ?? null,
    first,
    after,
  });
  const [found] = await context.laggingReads.query<[FoundBreakdown]>(text, values);
  context.usage.rowsRead += found.rowsRead;
  return { sources, found };
}

/**
 * Returns what Google Analytics measured on the properties of an organization, grouped and compared. What is not copied, or does
 * not add up, is asked of Google. Throws InvalidInput, and NotFound for an unknown client or account.
 */
export async function readAnalytics(context: Context, given: AnalyticsArguments): Promise<AnalyticsConnectionModel> {
  const { organizationId, filter } = given;
  const days = await includedDays(context, given);
  const isCompared = days.compared !== null;
  checkQuestion(given, isCompared);
  const { clientIds, accountIds } = filter ?? {};
  const accounts = await listAccounts(context, { organizationId, clientIds, accountIds, product: 'analytics' });
  checkCurrencies(given, accounts);
  const all = namesOf(given);
  const leftOut = await checkNames(context, accounts, all);
  const isNarrowed = (filter?.values?.length ?? 0) > 0 || (filter?.metrics?.length ?? 0) > 0;
  // Rows of values and of time do not add up to the figures of a property.
  const isBroken = all.dimensions.length > 0 || (all.metrics.length > 0 && given.groupBy.length > 0);
  const whole = { ...given, groupBy: [], dimensions: [], orderBy: null, first: 1 };
  const [{ found, sources }, total, copiedQuality] = await Promise.all([
    find(context, { given, days, accounts, leftOut, after: positionOf(given) }),
    !isNarrowed && isBroken
      ? find(context, { given: whole, days, accounts, leftOut: new Set(), after: null })
      : undefined,
    readCopiedQuality(context, { organizationId, accounts, range: days.range }),
  ]);
  const page = pageOf(found.rows, given, ({ sortedBy, key }) => [sortedBy, key]);
  const rowOf = createAnalyticsRowOf(given, accounts, isCompared);
  const totals = analyticsFiguresOf((total ?? { found }).found.total, given.metrics, isCompared);
  const bySource = sources.map(({ completeness, answers }) =>
    sourceOf(completeness, answers, copiedQuality.get(completeness.account.id) ?? []),
  );
  const explained: AnswerToExplain<AnalyticsMetricsModel, ExplainedRow> = {
    given,
    range: days.range,
    accounts,
    sources: bySource,
    sums: { rows: analyticsFiguresOf(found.total, [], false).metrics, totals: totals.metrics },
    conditionsOfRow: () => (namesOf({ ...given, filter: null }).dimensions.length > 0 ? null : {}),
    ask: (changes) => readAnalytics(context, { ...given, dimensions: [], metrics: [], ...changes }),
  };
  return {
    ...page,
    ...withExplanations(context, explained, {
      edges: page.edges.map(({ cursor, node }) => ({ cursor, node: rowOf(node) })),
      totals,
    }),
    ...days,
    totalCount: found.count,
    sources: bySource,
    unreadable: unreadableRowsOf(sources),
  };
}
