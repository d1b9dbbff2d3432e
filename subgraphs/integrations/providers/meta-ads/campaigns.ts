import { currencyOf } from '../currency-of.js';
import type { CampaignRow, RangeQuestion, Readers } from '../products.js';
import type { GraphRequest, MetaApi } from './api.js';
import { type ListAnswer, readLists } from './lists.js';
import { CAMPAIGN_FIELDS, INSIGHT_FIELDS, joinCampaigns } from './metrics.js';

// Without this list archived and deleted campaigns are left out, and with them what they cost.
const STATUSES = ['ACTIVE', 'PAUSED', 'IN_PROCESS', 'WITH_ISSUES', 'ARCHIVED', 'DELETED'];

function requestsOf({ account: { externalId }, range: { start, end } }: RangeQuestion): [GraphRequest, GraphRequest] {
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

function join(campaigns: ListAnswer, insights: ListAnswer, currency: string): CampaignRow[] | Error {
  if (campaigns instanceof Error) return campaigns;
  if (insights instanceof Error) return insights;
  try {
    return joinCampaigns(campaigns, insights, currency);
  } catch (error) {
    return error as Error;
  }
}

/** Two lists for each question, all of them in batches of 50. */
export const readCampaigns =
  (api: MetaApi): Readers['campaigns'] =>
  async (accessToken, questions) => {
    const lists = await readLists(api, questions.flatMap(requestsOf), accessToken);
    return questions.map(({ account }, index) =>
      join(lists[2 * index] as ListAnswer, lists[2 * index + 1] as ListAnswer, currencyOf(account)),
    );
  };
