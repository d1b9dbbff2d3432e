import type { AccountReference, CampaignAnswer, DayRange } from '../provider.js';
import type { GraphRequest, MetaApi } from './api.js';
import { type ListAnswer, readLists } from './lists.js';
import { CAMPAIGN_FIELDS, INSIGHT_FIELDS, joinCampaigns } from './metrics.js';

// Without this list archived and deleted campaigns are left out, and with them what they cost.
const STATUSES = ['ACTIVE', 'PAUSED', 'IN_PROCESS', 'WITH_ISSUES', 'ARCHIVED', 'DELETED'];

function requestsOf({ externalId }: AccountReference, { start, end }: DayRange): [GraphRequest, GraphRequest] {
  return [
    {
      path: `act_${externalId}/campaigns`,
      query: { fields: CAMPAIGN_FIELDS, effective_status: JSON.stringify(STATUSES), limit: '500' },
    },
    {
      path: `act_${externalId}/insights`,
      query: {
        level: 'campaign',
        fields: INSIGHT_FIELDS,
        time_range: JSON.stringify({ since: start, until: end }),
        limit: '500',
      },
    },
  ];
}

function join(campaigns: ListAnswer, insights: ListAnswer, currency: string): CampaignAnswer {
  if (campaigns instanceof Error) return campaigns;
  if (insights instanceof Error) return insights;
  try {
    return joinCampaigns(campaigns, insights, currency);
  } catch (error) {
    return error as Error;
  }
}

/** Returns the campaigns of many accounts: two lists each, all of them in batches of 50. */
export async function listCampaigns(
  api: MetaApi,
  accessToken: string,
  accounts: AccountReference[],
  range: DayRange,
): Promise<Map<string, CampaignAnswer>> {
  const requests = accounts.flatMap((account) => requestsOf(account, range));
  const lists = await readLists(api, requests, accessToken);
  return new Map(
    accounts.map(({ externalId, currency }, index) => [
      externalId,
      join(lists[2 * index] as ListAnswer, lists[2 * index + 1] as ListAnswer, currency),
    ]),
  );
}
