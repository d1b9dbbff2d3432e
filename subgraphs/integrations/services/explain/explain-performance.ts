import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureFindingModel, PerformanceModel, PerformanceRowModel } from '#integrations/models.js';
import type {
  Dimension,
  Metric,
  PerformanceArguments,
} from '#integrations/services/performance/performance-question.js';
import { conversionFindings, OF_CONVERSIONS } from './conversion-findings.js';
import { currencyFindings } from './currency-findings.js';
import { dayFindings } from './day-findings.js';
import { type OwnFigure, type Question, textOfAll } from './explained-figure.js';
import { accountsOfClient, rangeOf } from './explained-row.js';
import { filterFindings } from './filter-findings.js';
import { screenFindings } from './screen-findings.js';

type Answer = Pick<PerformanceModel, 'range' | 'sources' | 'conversion'>;
/** A row, or the sums of all. */
export type ExplainableRow = Pick<PerformanceRowModel, 'currency' | 'metrics'> & Partial<PerformanceRowModel>;

/** A figure of an answer. */
export interface FigureToExplain {
  metric: Metric;
  row: ExplainableRow;
  given: PerformanceArguments;
  answer: Answer;
  accounts: Account[];
  /** Asks the same question with changes. */
  ask(changes: Partial<PerformanceArguments>): Promise<PerformanceModel>;
}

const MAX_ACCOUNTS = 100;
const MAX_ROWS = 1000;
const OF_CAMPAIGNS = ['OBJECTIVE', 'STATUS', 'CAMPAIGN_TYPE'] as const;
/** With the dimensions of campaigns, those that a row can be asked for again by. */
const KNOWN: ReadonlySet<Dimension> = new Set([
  ...(['PROVIDER', 'CLIENT', 'ACCOUNT', 'CAMPAIGN', 'CURRENCY', 'DAY', 'WEEK', 'MONTH'] as const),
  ...OF_CAMPAIGNS,
]);

/** The accounts whose figures a row sums, those without figures included. */
async function accountsOf(context: Context, { row, given, accounts, answer }: FigureToExplain): Promise<Account[]> {
  if (row.account) return accounts.filter(({ id }) => id === row.account?.id);
  const isOwn = !answer.conversion || given.groupBy.includes('CURRENCY');
  const found = accounts.filter(
    ({ providerId, currency }) =>
      (!row.provider || row.provider.id === providerId) && (!isOwn || currency === row.currency),
  );
  return given.groupBy.includes('CLIENT') ? accountsOfClient(context, row.clientId ?? null, found) : found;
}

/** The figures of a row by account, as the providers have them; null where a row cannot be asked for again. */
async function ownFigures(
  { row, given, ask }: FigureToExplain,
  accounts: Account[],
  changes: Partial<PerformanceArguments>,
): Promise<OwnFigure[] | null> {
  const { groupBy, filter } = given;
  const dimensions = OF_CAMPAIGNS.filter((one) => groupBy.includes(one));
  const isOfCampaign = groupBy.includes('CAMPAIGN');
  if (groupBy.some((one) => !KNOWN.has(one)) || (!isOfCampaign && dimensions.length > 2)) return null;
  if (accounts.length === 0) return [];
  const ids = accounts.map(({ id }) => id);
  const { edges, pageInfo } = await ask({
    period: null,
    compareTo: null,
    compareRange: null,
    currency: null,
    orderBy: null,
    after: null,
    first: MAX_ROWS,
    groupBy: isOfCampaign ? ['CAMPAIGN'] : ['ACCOUNT', ...dimensions],
    filter: { ...filter, metrics: null, ...(ids.length <= MAX_ACCOUNTS && { accountIds: ids, clientIds: null }) },
    ...changes,
  });
  if (pageInfo.hasNextPage) return null;
  return edges.flatMap(({ node: { account, metrics, ...own } }) => {
    const isSame =
      account &&
      ids.includes(account.id) &&
      (isOfCampaign
        ? own.campaign?.externalId === row.campaign?.externalId
        : own.objective === (row.objective ?? null) &&
          own.status === (row.status ?? null) &&
          own.campaignType === (row.campaignType ?? null));
    return isSame ? [{ account, sums: metrics }] : [];
  });
}

/**
 * Returns why a figure may differ from another of the same thing, with the quantities that account for it, most telling
 * first.
 */
export async function explainPerformance(context: Context, figure: FigureToExplain): Promise<FigureFindingModel[]> {
  const { metric, row, given, answer } = figure;
  const accounts = await accountsOf(context, figure);
  const ids = new Set(accounts.map(({ id }) => id));
  const range = rangeOf(row, answer.range);
  const own = await ownFigures(figure, accounts, { range });
  const question: Question = {
    metric,
    accounts,
    range,
    timeZone: given.timeZone,
    sums: row.metrics,
    sources: answer.sources.filter(({ account }) => ids.has(account.id)),
    conversion: answer.conversion,
    filter: given.filter ?? {},
    own,
    ownTextOf: async (account, days) => {
      const found = days ? await ownFigures(figure, accounts, { range: days }) : own;
      const figures = found?.filter((one) => one.account.id === account.id);
      return figures ? textOfAll(metric, figures) : null;
    },
    ask: (changes) => ownFigures(figure, accounts, { range, ...changes }),
    askApart: async () => {
      if (answer.conversion || given.groupBy.length > 0) return [];
      const { totals } = await figure.ask({ first: 1, after: null });
      return (await totals()).filter(({ currency }) => currency !== row.currency);
    },
  };
  const found = await Promise.all([
    currencyFindings(question),
    filterFindings(question),
    dayFindings(context, question, OF_CONVERSIONS.includes(metric)),
    conversionFindings(context, question),
    screenFindings(question),
  ]);
  return found.flat();
}
