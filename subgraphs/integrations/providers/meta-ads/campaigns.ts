import { groupBy } from '#integrations/group-by.js';
import { currencyOf } from '#integrations/providers/currency-of.js';
import type { CampaignDay, CampaignRow, DayRange, Readers } from '#integrations/providers/products.js';
import { isInRange, unionOfRanges } from '#integrations/providers/union-of-ranges.js';
import type { GraphRequest, MetaApi } from './api.js';
import { type ListAnswer, readLists } from './lists.js';
import { CAMPAIGN_FIELDS, campaignDayOf, INSIGHT_FIELDS, joinCampaigns } from './metrics.js';

// Without this list archived and deleted campaigns are left out, and with them what they cost.
const STATUSES = ['ACTIVE', 'PAUSED', 'IN_PROCESS', 'WITH_ISSUES', 'ARCHIVED', 'DELETED'];

const campaignsOf = (accountId: string): GraphRequest => ({
  path: `act_${accountId}/campaigns`,
  query: { fields: CAMPAIGN_FIELDS, effective_status: JSON.stringify(STATUSES), limit: '500' },
});

function insightsOf(accountId: string, { start, end }: DayRange, more: Record<string, string> = {}): GraphRequest {
  const range = JSON.stringify({ since: start, until: end });
  const query = { level: 'campaign', fields: INSIGHT_FIELDS, time_range: range, ...more, limit: '500' };
  return { path: `act_${accountId}/insights`, query };
}

function join(campaigns: ListAnswer, insights: ListAnswer, currency: string): CampaignRow[] | Error {
  if (campaigns instanceof Error) return campaigns;
  if (insights instanceof Error) return insights;
  try {
    return joinCampaigns(campaigns, insights, currency);
  } catch (error) {
    return error as Error;
  }
}

/** The campaigns of each account once, and their insights for each question, all of them in batches of 50. */
export const readCampaigns =
  (api: MetaApi): Readers['campaigns'] =>
  async (accessToken, questions) => {
    const accountIds = [...new Set(questions.map(({ account }) => account.externalId))];
    const requests = [
      ...accountIds.map(campaignsOf),
      ...questions.map(({ account, range }) => insightsOf(account.externalId, range)),
    ];
    const lists = await readLists(api, requests, accessToken);
    const insights = lists.slice(accountIds.length);
    return questions.map(({ account }, place) => {
      const campaigns = lists[accountIds.indexOf(account.externalId)] as ListAnswer;
      return join(campaigns, insights[place] as ListAnswer, currencyOf(account));
    });
  };

function daysIn(rows: ListAnswer, currency: string): CampaignDay[] | Error {
  if (rows instanceof Error) return rows;
  try {
    return rows.map((row) => campaignDayOf(row, currency));
  } catch (error) {
    return error as Error;
  }
}

/** One list of daily insights per account, over all ranges it is asked for. */
export const readCampaignDays =
  (api: MetaApi): Readers['campaignDays'] =>
  async (accessToken, questions) => {
    const groups = [...groupBy(questions, ({ account }) => account.externalId)];
    const requests = groups.map(([accountId, group]) =>
      insightsOf(accountId, unionOfRanges(group.map(({ range }) => range)), { time_increment: '1' }),
    );
    const lists = await readLists(api, requests, accessToken);
    const places = new Map(groups.map(([accountId], place) => [accountId, place]));
    return questions.map(({ account, range }) => {
      const place = places.get(account.externalId) as number;
      const days = daysIn(lists[place] as ListAnswer, currencyOf(account));
      return days instanceof Error ? days : days.filter(({ day }) => isInRange(day, range));
    });
  };
