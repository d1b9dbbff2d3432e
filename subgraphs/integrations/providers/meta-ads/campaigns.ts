import { groupBy } from 'es-toolkit/array';
import type { DayRange } from '#integrations/calendar-day.js';
import { unionOfRanges } from '#integrations/calendar-day.js';
import { answerAll } from '#integrations/providers/answer-groups.js';
import { inHalves, joinRows, joinSums } from '#integrations/providers/halves.js';
import type { CampaignDay, CampaignRow, Readers, Rows } from '#integrations/providers/products.js';
import { currencyOf, daysInRange } from '#integrations/providers/products.js';
import type { GraphRequest, MetaApi } from './api.js';
import { type ListAnswer, listIn, readLists } from './lists.js';
import { CAMPAIGN_FIELDS, campaignDaysOf, INSIGHT_FIELDS, joinCampaigns } from './metrics.js';

// By default archived and deleted campaigns are left out.
const STATUSES = ['ACTIVE', 'PAUSED', 'IN_PROCESS', 'WITH_ISSUES', 'ARCHIVED', 'DELETED'];

const campaignsOf = (accountId: string): GraphRequest => ({
  path: `act_${accountId}/campaigns`,
  query: { fields: CAMPAIGN_FIELDS, effective_status: JSON.stringify(STATUSES), limit: '500' },
});

function insightsOf(accountId: string, { start, end }: DayRange, more: Record<string, string> = {}): GraphRequest {
  const range = JSON.stringify({ since: start, until: end });
  const query = { level: 'campaign', fields: INSIGHT_FIELDS, time_range: range, ...more, limit: '500' };
  // A longer range is halved first.
  return { path: `act_${accountId}/insights`, query, hasFixedPages: start !== end };
}

function join(campaigns: ListAnswer, insights: ListAnswer, currency: string): Rows<CampaignRow> | Error {
  if (campaigns instanceof Error) return campaigns;
  if (insights instanceof Error) return insights;
  try {
    return joinCampaigns(campaigns, insights, currency);
  } catch (error) {
    return error as Error;
  }
}

/** Reads each account's campaigns once and each question's insights, in batches of 50. */
export const readCampaigns = (api: MetaApi): Readers['campaigns'] =>
  inHalves<'campaigns'>(async (accessToken, questions) => {
    const accountIds = new Set(questions.map(({ account }) => account.externalId));
    const campaigns = new Map([...accountIds].map((accountId) => [accountId, campaignsOf(accountId)]));
    const insights = new Map(
      questions.map((question) => [question, insightsOf(question.account.externalId, question.range)]),
    );
    const lists = await readLists(api, [...campaigns.values(), ...insights.values()], accessToken);
    return answerAll(questions, (question) => {
      const { account } = question;
      const rows = listIn(lists, campaigns.get(account.externalId));
      return join(rows, listIn(lists, insights.get(question)), currencyOf(account));
    });
  }, joinSums);

function daysIn(rows: ListAnswer, currency: string): Rows<CampaignDay> | Error {
  if (rows instanceof Error) return rows;
  try {
    return campaignDaysOf(rows, currency);
  } catch (error) {
    return error as Error;
  }
}

/** Reads one list of daily insights per account, over all ranges. */
export const readCampaignDays = (api: MetaApi): Readers['campaignDays'] =>
  inHalves<'campaignDays'>(async (accessToken, questions) => {
    const groups = Object.entries(groupBy(questions, ({ account }) => account.externalId));
    const requests = new Map(
      groups.map(([accountId, group]) => {
        const range = unionOfRanges(group.map((question) => question.range));
        return [accountId, insightsOf(accountId, range, { time_increment: '1' })];
      }),
    );
    const lists = await readLists(api, [...requests.values()], accessToken);
    return answerAll(questions, ({ account, range }) => {
      const days = daysIn(listIn(lists, requests.get(account.externalId)), currencyOf(account));
      return days instanceof Error ? days : daysInRange(days, range);
    });
  }, joinRows);
