import { groupBy } from '#integrations/group-by.js';
import { answerGroups } from '#integrations/providers/answer-groups.js';
import { currencyOf } from '#integrations/providers/currency-of.js';
import { inParallel } from '#integrations/providers/in-parallel.js';
import type { AdMetrics, CampaignDay, CampaignRow, RangeQuestion, Readers } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';
import { type Figures, readFigures } from './analytics.js';
import type { LinkedInApi } from './api.js';
import { type BareCampaign, listCampaigns } from './campaigns.js';

const CALLS_AT_ONCE = 8;

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

/** Lists the campaigns of each account once, however many ranges are asked for. */
async function listAll(api: LinkedInApi, accessToken: string, questions: RangeQuestion[]) {
  const accountIds = [...new Set(questions.map(({ account }) => account.externalId))];
  const lists = await inParallel(accountIds, CALLS_AT_ONCE, (accountId) =>
    listCampaigns(api, accessToken, accountId).catch((error: Error) => error),
  );
  return new Map(accountIds.map((accountId, place) => [accountId, lists[place] as BareCampaign[] | Error]));
}

const accountsOf = (questions: RangeQuestion[]) => questions.map(({ account }) => account.externalId);

/** An ended campaign that did nothing on these days is left out. */
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
      const [{ range }] = group as [RangeQuestion];
      const found = await readFigures(api, accessToken, { accountIds: accountsOf(group), range, granularity: 'ALL' });
      const figures = new Map(found.map((row) => [row.campaignId, row]));
      return group.map(({ account }) => {
        const campaigns = lists.get(account.externalId) as BareCampaign[] | Error;
        return campaigns instanceof Error ? campaigns : join(campaigns, figures, currencyOf(account));
      });
    });
  };

/** LinkedIn does not say whose a campaign is: with several accounts it takes their lists to tell. */
export const readCampaignDays =
  (api: LinkedInApi): Readers['campaignDays'] =>
  async (accessToken, questions) => {
    const isOne = new Set(accountsOf(questions)).size === 1;
    const lists = isOne ? undefined : await listAll(api, accessToken, questions);
    return answerGroups(questions, CALLS_AT_ONCE, nameOfRange, async (group) => {
      const [{ range }] = group as [RangeQuestion];
      const found = await readFigures(api, accessToken, { accountIds: accountsOf(group), range, granularity: 'DAILY' });
      const byCampaign = groupBy(found, ({ campaignId }) => campaignId);
      return group.map(({ account }): CampaignDay[] | Error => {
        const campaigns = lists?.get(account.externalId);
        if (campaigns instanceof Error) return campaigns;
        const ids = campaigns?.map(({ externalId }) => externalId) ?? [...byCampaign.keys()];
        const currency = currencyOf(account);
        return ids.flatMap((externalId) =>
          (byCampaign.get(externalId) ?? []).map((row) => ({
            externalId,
            day: row.day,
            metrics: metricsOf(row, currency),
          })),
        );
      });
    });
  };
