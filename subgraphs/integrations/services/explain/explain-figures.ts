import type Big from 'big.js';
import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { ExplainedMetric, FigureFindingModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { Page } from '#kit/page.js';
import { dayFindings } from './day-findings.js';
import { type FigureQuestion, findingValue, type MarkedSource } from './explained-figure.js';
import { accountsOfClient, type DaysOfRow, rangeOf } from './explained-row.js';
import { conditionsOf } from './filter-findings.js';
import { lateFindings, noteFindings } from './note-findings.js';
import { screenFindings } from './screen-findings.js';

/** The dimensions of a row that decide whose figures it sums, and of which days. */
export interface ExplainedRow extends DaysOfRow {
  account?: Account | null;
  clientId?: string | null;
  currency?: string | null;
}

interface Given {
  timeZone: string;
  groupBy: readonly string[];
  filter?: { clientIds?: string[] | null; accountIds?: string[] | null } | null;
}

/** What is asked again, without a comparison, and by account where so grouped. */
export interface AskedAgain {
  period: null;
  range: DayRange;
  compareTo: null;
  compareRange: null;
  groupBy: 'ACCOUNT'[];
  filter: { accountIds: string[]; clientIds: null; metrics: null };
  orderBy: null;
  first: number;
  after: null;
}

interface Repeated<Sums> {
  edges: { node: { account: Account | null; metrics: Sums } }[];
  totals: { metrics: Sums };
}

/** An answer whose rows and totals can be explained. */
export interface AnswerToExplain<Sums, Row extends ExplainedRow> {
  given: Given;
  range: DayRange;
  accounts: Account[];
  sources: MarkedSource[];
  /** The sums of all rows, and what the provider has in all; absent where they are the same by definition. */
  sums?: { rows: Sums; totals: Sums };
  /** Returns further conditions that a row meets alone; null where it cannot be asked for again. */
  conditionsOfRow(row: Row): object | null;
  ask(changes: AskedAgain): Promise<Repeated<Sums>>;
}

const MAX_ACCOUNTS = 100;
const MAX_ROWS = 1000;
const DECIMALS = 6;

const textOf = (value: Big | null): string | null => value?.round(DECIMALS).toFixed() ?? null;

async function accountsOf(
  context: Context,
  { groupBy }: Given,
  row: ExplainedRow,
  accounts: Account[],
): Promise<Account[]> {
  if (row.account) return accounts.filter(({ id }) => id === row.account?.id);
  const found = groupBy.includes('CURRENCY') ? accounts.filter(({ currency }) => currency === row.currency) : accounts;
  return groupBy.includes('CLIENT') ? accountsOfClient(context, row.clientId ?? null, found) : found;
}

/** Asks for figures of the accounts and days of a row again, each question once. */
function askerOf<Sums, Row extends ExplainedRow>(
  { ask, conditionsOfRow }: AnswerToExplain<Sums, Row>,
  accounts: Account[],
  row: Row | null,
) {
  const conditions = row ? conditionsOfRow(row) : {};
  const asked = new Map<string, Promise<Repeated<Sums> | null>>();
  return (range: DayRange, groupBy: 'ACCOUNT'[], filter: Given['filter']): Promise<Repeated<Sums> | null> => {
    const key = JSON.stringify([range, groupBy, filter]);
    const known = asked.get(key);
    if (known) return known;
    const accountIds = accounts.map(({ id }) => id);
    const isKnown = conditions && accountIds.length > 0 && accountIds.length <= MAX_ACCOUNTS;
    const answer = isKnown
      ? ask({
          period: null,
          range,
          compareTo: null,
          compareRange: null,
          groupBy,
          filter: { ...filter, ...conditions, accountIds, clientIds: null, metrics: null },
          orderBy: null,
          first: MAX_ROWS,
          after: null,
        })
      : Promise.resolve(null);
    asked.set(key, answer);
    return answer;
  };
}

function truncatedFindings(sources: MarkedSource[]): FigureFindingModel[] {
  return sources.flatMap(({ account, isTruncated }) =>
    isTruncated
      ? {
          code: 'TRUNCATED' as const,
          message: `${describeProviderById(account.providerId).name} has more rows of ${account.name} than are read: those with the lowest figures are left out.`,
          providerId: account.providerId,
          accounts: [account],
          values: [],
        }
      : [],
  );
}

async function filterFindings(
  { filter }: Given,
  unfiltered: () => Promise<string | null>,
): Promise<FigureFindingModel[]> {
  const conditions = conditionsOf(filter ?? {});
  if (conditions.length === 0) return [];
  const { clientIds: _clients, accountIds: _accounts, ...others } = filter ?? {};
  const hidesParts = conditionsOf({ ...others, metrics: null }).length > 0;
  return [
    {
      code: 'FILTERED',
      message:
        "What does not meet the filter is left out; the provider's screen shows all unless it is filtered alike.",
      providerId: null,
      accounts: [],
      values: [...conditions, ...findingValue('unfilteredFigure', hidesParts ? await unfiltered() : null)],
    },
  ];
}

/**
 * Returns why a figure of a row, or of the totals (null), may differ from another of the same thing, with the quantities that
 * account for it.
 */
async function explainFigures<Sums, Row extends ExplainedRow>(
  context: Context,
  answer: AnswerToExplain<Sums, Row>,
  row: Row | null,
  { metric, read }: ExplainedMetric<Sums>,
): Promise<FigureFindingModel[]> {
  const { given, sums } = answer;
  const accounts = await accountsOf(context, row ? given : { ...given, groupBy: [] }, row ?? {}, answer.accounts);
  const ids = new Set(accounts.map(({ id }) => id));
  const sources = answer.sources.filter(({ account }) => ids.has(account.id));
  const range = rangeOf(row ?? {}, answer.range);
  const again = askerOf(answer, accounts, row);
  const question: FigureQuestion = {
    metric,
    accounts,
    range,
    timeZone: given.timeZone,
    sources,
    async ownTextOf(account, days = range) {
      const found = await again(days, ['ACCOUNT'], given.filter);
      const own = found?.edges.find(({ node }) => node.account?.id === account.id);
      return own ? textOf(read(own.node.metrics)) : null;
    },
  };
  const figures = sums && !row ? { rows: read(sums.rows), totals: read(sums.totals) } : undefined;
  const found = await Promise.all([
    filterFindings(given, async () => {
      const whole = await again(range, [], {});
      return whole && textOf(read(whole.totals.metrics));
    }),
    dayFindings(context, question, true),
    lateFindings(context, question),
    noteFindings({ ...question, sources }, { groupBy: given.groupBy, isRow: row !== null, figures }),
    truncatedFindings(sources),
    screenFindings(question),
  ]);
  return found.flat();
}

/** Returns the rows of a page and the totals of an answer with what explains their figures when it is asked for. */
export function withExplanations<Sums, Row extends ExplainedRow, Node extends Row, Totals extends object>(
  context: Context,
  answer: AnswerToExplain<Sums, Row>,
  { edges, totals }: { edges: Page<Node>['edges']; totals: Totals },
) {
  const explainedBy = (row: Row | null) => (figure: ExplainedMetric<Sums>) =>
    explainFigures(context, answer, row, figure);
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: { ...node, explain: explainedBy(node) } })),
    totals: { ...totals, explain: explainedBy(null) },
  };
}
