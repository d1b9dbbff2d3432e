import { groupBy, mapAsync } from 'es-toolkit/array';
import { z } from 'zod';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import type { AdMetrics, CampaignDay, CampaignRow, ReaderQuestion, Readers } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { type Figures, readFigures } from './analytics.js';
import type { LinkedInApi } from './api.js';
import { NAME } from './errors.js';
import { listOf, numericId } from './restli.js';

const CALLS_AT_ONCE = 8;

type RangeQuestion = ReaderQuestion<'campaigns' | 'campaignDays'>;

const statuses: Record<string, CampaignRow['status']> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  DRAFT: 'PAUSED',
  ARCHIVED: 'ENDED',
  COMPLETED: 'ENDED',
  CANCELED: 'ENDED',
  PENDING_DELETION: 'ENDED',
  REMOVED: 'ENDED',
};

const campaign = z.object({
  id: numericId,
  name: z.string(),
  status: z.string().refine((status) => status in statuses),
  objectiveType: z.string().optional(),
});

type BareCampaign = Omit<CampaignRow, 'metrics'>;

/** https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaigns */
async function listCampaigns(api: LinkedInApi, accessToken: string, accountId: string): Promise<BareCampaign[]> {
  const query = `q=search&search=(status:(values:${listOf(Object.keys(statuses))}))&sortOrder=ASCENDING`;
  const found = await api.search(accessToken, `/adAccounts/${accountId}/adCampaigns`, query);
  return found.map((element) => {
    const { id, name, status, objectiveType } = readAnswer(NAME, campaign, element);
    return {
      externalId: id,
      name,
      status: statuses[status] as CampaignRow['status'],
      providerStatus: status,
      objective: objectiveType ?? null,
    };
  });
}

const nameOfRange = ({ range }: RangeQuestion) => `${range.start} ${range.end}`;

function metricsOf(figures: Figures | undefined, currency: string): AdMetrics {
  return {
    impressions: figures?.impressions ?? 0,
    clicks: figures?.clicks ?? 0,
    cost: Money.fromDecimal(figures?.cost ?? '0', currency).toString(),
    conversions: figures?.conversions ?? 0,
    conversionValue: Money.fromDecimal(figures?.conversionValue ?? '0', currency).toString(),
  };
}

/** Each account once. */
async function listAll(api: LinkedInApi, accessToken: string, questions: RangeQuestion[]) {
  const lists = new Map<string, BareCampaign[] | Error>();
  const listOne = async (accountId: string) => {
    lists.set(accountId, await listCampaigns(api, accessToken, accountId).catch((error: Error) => error));
  };
  await mapAsync([...new Set(accountsOf(questions))], listOne, { concurrency: CALLS_AT_ONCE });
  return lists;
}

const accountsOf = (questions: RangeQuestion[]) => questions.map(({ account }) => account.externalId);

function join(campaigns: BareCampaign[], figures: Map<string, Figures>, currency: string): CampaignRow[] {
  return campaigns
    .filter(({ status, externalId }) => status !== 'ENDED' || figures.has(externalId))
    .map((campaign) => ({ ...campaign, metrics: metricsOf(figures.get(campaign.externalId), currency) }));
}

/** One list per account, and the figures of all accounts in one call per range. */
export const readCampaigns =
  (api: LinkedInApi): Readers['campaigns'] =>
  async (accessToken, questions) => {
    const lists = await listAll(api, accessToken, questions);
    return answerGroups(questions, CALLS_AT_ONCE, nameOfRange, async (group) => {
      const [{ range }] = group;
      const found = await readFigures(api, accessToken, { accountIds: accountsOf(group), range, granularity: 'ALL' });
      const figures = new Map(found.map((row) => [row.campaignId, row]));
      return answerAll(group, ({ account }) => {
        const campaigns = lists.get(account.externalId) as BareCampaign[] | Error;
        return campaigns instanceof Error ? campaigns : join(campaigns, figures, currencyOf(account));
      });
    });
  };

/** Figures do not name the account: with several, their campaign lists are read too. */
export const readCampaignDays =
  (api: LinkedInApi): Readers['campaignDays'] =>
  async (accessToken, questions) => {
    const isOne = new Set(accountsOf(questions)).size === 1;
    const lists = isOne ? undefined : await listAll(api, accessToken, questions);
    return answerGroups(questions, CALLS_AT_ONCE, nameOfRange, async (group) => {
      const [{ range }] = group;
      const found = await readFigures(api, accessToken, { accountIds: accountsOf(group), range, granularity: 'DAILY' });
      const byCampaign = groupBy(found, ({ campaignId }) => campaignId);
      return answerAll(group, ({ account }): CampaignDay[] | Error => {
        const campaigns = lists?.get(account.externalId);
        if (campaigns instanceof Error) return campaigns;
        const ids = campaigns?.map(({ externalId }) => externalId) ?? Object.keys(byCampaign);
        const currency = currencyOf(account);
        return ids.flatMap((externalId) =>
          (byCampaign[externalId] ?? []).map((row) => ({
            externalId,
            day: row.day,
            metrics: metricsOf(row, currency),
          })),
        );
      });
    });
  };
