import { groupBy, mapAsync } from 'es-toolkit/array';
import { z } from 'zod';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import { inHalves, joinRows, joinSums } from '#integrations/providers/halves.js';
import { decimalText } from '#integrations/providers/numbers.js';
import type {
  AdMetrics,
  CampaignBudget,
  CampaignDay,
  CampaignRow,
  ReaderQuestion,
  Readers,
  Rows,
  UnreadableRow,
} from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { CAMPAIGN, type Figures, readFigures } from './analytics.js';
import type { LinkedInApi } from './api.js';
import { NAME } from './errors.js';
import { listOf, numericId } from './restli.js';

const CALLS_AT_ONCE = 8;

type RangeQuestion = ReaderQuestion<'campaigns' | 'campaignDays'>;

/** States of campaigns, of groups and of creatives. */
export const statuses: Record<string, CampaignRow['status']> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  DRAFT: 'PAUSED',
  ARCHIVED: 'ENDED',
  COMPLETED: 'ENDED',
  CANCELED: 'ENDED',
  PENDING_DELETION: 'ENDED',
  REMOVED: 'ENDED',
};

const amount = z.object({ amount: decimalText, currencyCode: z.string() });

const campaign = z.object({
  id: numericId,
  name: z.string(),
  status: z.string(),
  objectiveType: z.string().optional(),
  type: z.string().optional(),
  dailyBudget: amount.optional(),
  totalBudget: amount.optional(),
});

const identityOfCampaign = z.object({ id: numericId }).transform(({ id }) => ({ row: id }));

type Amount = z.output<typeof amount>;

/** With both, LinkedIn spends at most the one a day and the other in all; without any, it is the group's. */
function budgetOf(daily: Amount | undefined, total: Amount | undefined): CampaignBudget | null {
  if (!daily && !total) return null;
  const decimal = (given: Amount | undefined) =>
    given ? Money.fromDecimal(given.amount, given.currencyCode).toString() : null;
  return { level: 'CAMPAIGN', externalId: null, daily: decimal(daily), total: decimal(total) };
}

type BareCampaign = Omit<CampaignRow, 'metrics'>;

/** https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaigns */
async function listCampaigns(api: LinkedInApi, accessToken: string, accountId: string): Promise<Rows<BareCampaign>> {
  const query = `q=search&search=(status:(values:${listOf(Object.keys(statuses))}))&sortOrder=ASCENDING`;
  const found = await api.search(accessToken, `/adAccounts/${accountId}/adCampaigns`, query);
  const { read, unreadable } = readRows(NAME, campaign, found, identityOfCampaign);
  const campaigns = read.map(({ id, name, status, objectiveType, type, dailyBudget, totalBudget }) => ({
    externalId: id,
    name,
    status: statuses[status] ?? 'OTHER',
    providerStatus: status,
    objective: objectiveType ?? null,
    type: type ?? null,
    budget: budgetOf(dailyBudget, totalBudget),
  }));
  return { rows: distinctRows(campaigns, ({ externalId }) => externalId), unreadable };
}

const nameOfRange = ({ range }: RangeQuestion) => `${range.start} ${range.end}`;

/** Returns figures with exact decimals; zeros without any. */
export function metricsOf(figures: Figures | undefined, currency: string): AdMetrics {
  return {
    impressions: figures?.impressions ?? 0,
    clicks: figures?.clicks ?? 0,
    cost: Money.fromDecimal(figures?.cost ?? '0', currency).toString(),
    conversions: figures?.conversions ?? 0,
    conversionValue: Money.fromDecimal(figures?.conversionValue ?? '0', currency).toString(),
    actions: null,
  };
}

/** Each account once. */
async function listAll(api: LinkedInApi, accessToken: string, questions: RangeQuestion[]) {
  const lists = new Map<string, Rows<BareCampaign> | Error>();
  const listOne = async (accountId: string) => {
    lists.set(accountId, await listCampaigns(api, accessToken, accountId).catch((error: Error) => error));
  };
  await mapAsync([...new Set(accountsOf(questions))], listOne, { concurrency: CALLS_AT_ONCE });
  return lists;
}

const accountsOf = (questions: RangeQuestion[]) => questions.map(({ account }) => account.externalId);

/** The unreadable figures of one account: they name campaigns, not accounts. */
function unreadableOf(figures: UnreadableRow[], ids: Set<string>, isOnlyAccount: boolean): UnreadableRow[] {
  return isOnlyAccount ? figures : figures.filter(({ row }) => ids.has(row));
}

const idsOf = ({ rows, unreadable }: Rows<BareCampaign>) =>
  new Set([...rows.map(({ externalId }) => externalId), ...unreadable.map(({ row }) => row)]);

function join(
  campaigns: Rows<BareCampaign>,
  figures: Map<string, Figures>,
  unreadable: UnreadableRow[],
  currency: string,
): Rows<CampaignRow> {
  const left = new Set(unreadable.map(({ row }) => row));
  const rows = campaigns.rows
    .filter(({ externalId }) => !left.has(externalId))
    .filter(({ status, externalId }) => status !== 'ENDED' || figures.has(externalId))
    .map((campaign) => ({ ...campaign, metrics: metricsOf(figures.get(campaign.externalId), currency) }));
  return { rows, unreadable: [...campaigns.unreadable, ...unreadable] };
}

/** One list per account, and the figures of all accounts in one call per range. */
export const readCampaigns = (api: LinkedInApi): Readers['campaigns'] =>
  inHalves<'campaigns'>(async (accessToken, questions) => {
    const lists = await listAll(api, accessToken, questions);
    return answerGroups(questions, CALLS_AT_ONCE, nameOfRange, async (group) => {
      const [{ range }] = group;
      const accountIds = accountsOf(group);
      const found = await readFigures(api, accessToken, {
        pivots: [CAMPAIGN],
        of: { facet: 'accounts', ids: accountIds },
        range,
        granularity: 'ALL',
      });
      const figures = new Map(found.rows.map((row) => [row.values[0] ?? '', row]));
      return answerAll(group, ({ account }) => {
        const campaigns = lists.get(account.externalId) as Rows<BareCampaign> | Error;
        if (campaigns instanceof Error) return campaigns;
        const unreadable = unreadableOf(found.unreadable, idsOf(campaigns), accountIds.length === 1);
        return join(campaigns, figures, unreadable, currencyOf(account));
      });
    });
  }, joinSums);

/** Figures do not name the account: with several, their campaign lists are read too. */
export const readCampaignDays = (api: LinkedInApi): Readers['campaignDays'] =>
  inHalves<'campaignDays'>(async (accessToken, questions) => {
    const isOne = new Set(accountsOf(questions)).size === 1;
    const lists = isOne ? undefined : await listAll(api, accessToken, questions);
    return answerGroups(questions, CALLS_AT_ONCE, nameOfRange, async (group) => {
      const [{ range }] = group;
      const found = await readFigures(api, accessToken, {
        pivots: [CAMPAIGN],
        of: { facet: 'accounts', ids: accountsOf(group) },
        range,
        granularity: 'DAILY',
      });
      const byCampaign = groupBy(found.rows, ({ values }) => values[0] ?? '');
      return answerAll(group, ({ account }): Rows<CampaignDay> | Error => {
        const campaigns = lists?.get(account.externalId);
        if (campaigns instanceof Error) return campaigns;
        const known = campaigns && idsOf(campaigns);
        const currency = currencyOf(account);
        const rows = [...(known ?? Object.keys(byCampaign))].flatMap((externalId) =>
          (byCampaign[externalId] ?? []).map((row) => ({
            externalId,
            day: row.day,
            metrics: metricsOf(row, currency),
          })),
        );
        return { rows, unreadable: unreadableOf(found.unreadable, known ?? new Set(), isOne) };
      });
    });
  }, joinRows);
