import { groupBy } from 'es-toolkit/array';
import { z } from 'zod';
import { type CampaignsOfRange, groupByRange } from '#integrations/providers/answer-groups.js';
import { inHalves, joinSums } from '#integrations/providers/halves.js';
import type { Answers, CampaignPart, CampaignPartRow, Readers, Rows } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import type { GraphRequest, MetaApi } from './api.js';
import { NAME } from './errors.js';
import { type ListAnswer, listIn, readLists } from './lists.js';
import { insightFigures, metricsOf, statuses } from './metrics.js';

/** Ids in a filter are part of an address. */
const MAX_CAMPAIGNS = 100;

type Level = 'adset' | 'ad';
const EDGES = { adset: 'adsets', ad: 'ads' } as const;

/** Deleted and archived ones are left out unless asked for. https://developers.facebook.com/docs/marketing-api/reference/adgroup */
const STATUSES: Record<Level, string[]> = {
  adset: ['ACTIVE', 'PAUSED', 'DELETED', 'CAMPAIGN_PAUSED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'],
  ad: [
    'ACTIVE',
    'PAUSED',
    'DELETED',
    'PENDING_REVIEW',
    'DISAPPROVED',
    'PREAPPROVED',
    'PENDING_BILLING_INFO',
    'CAMPAIGN_PAUSED',
    'ARCHIVED',
    'ADSET_PAUSED',
    'IN_PROCESS',
    'WITH_ISSUES',
  ],
};

const LIST_FIELDS: Record<Level, string> = {
  adset: 'id,name,campaign_id,status,effective_status,optimization_goal',
  ad: 'id,name,campaign_id,adset{id,name},status,effective_status',
};
const FIGURES = 'campaign_id,impressions,clicks,spend,actions,action_values';
const INSIGHT_FIELDS: Record<Level, string> = {
  adset: `adset_id,adset_name,${FIGURES}`,
  ad: `ad_id,ad_name,adset_id,adset_name,${FIGURES}`,
};

const ofCampaigns = (value: string[]) => ({ field: 'campaign.id', operator: 'IN', value });

const listOf = (level: Level, { account, campaignIds }: CampaignsOfRange): GraphRequest => ({
  path: `act_${account.externalId}/${EDGES[level]}`,
  query: {
    fields: LIST_FIELDS[level],
    effective_status: JSON.stringify(STATUSES[level]),
    filtering: JSON.stringify([ofCampaigns(campaignIds)]),
    limit: '500',
  },
});

function insightsOf(level: Level, { account, campaignIds, range }: CampaignsOfRange): GraphRequest {
  const filtering = [
    ofCampaigns(campaignIds),
    { field: `${level}.effective_status`, operator: 'IN', value: STATUSES[level] },
  ];
  return {
    path: `act_${account.externalId}/insights`,
    query: {
      level,
      fields: INSIGHT_FIELDS[level],
      time_range: JSON.stringify({ since: range.start, until: range.end }),
      filtering: JSON.stringify(filtering),
      limit: '500',
    },
    // A longer range is halved first.
    hasFixedPages: range.start !== range.end,
  };
}

const id = z.string().regex(/^\d+$/);

const listed = z.object({
  id,
  name: z.string(),
  status: z.string(),
  effective_status: z.string(),
  optimization_goal: z.string().optional(),
  adset: z.object({ id, name: z.string() }).optional(),
});

const insights = {
  adset: insightFigures
    .extend({ adset_id: id, adset_name: z.string() })
    .transform((row) => ({ ...row, id: row.adset_id, name: row.adset_name, adSet: null })),
  ad: insightFigures
    .extend({ ad_id: id, ad_name: z.string(), adset_id: id, adset_name: z.string() })
    .transform((row) => ({
      ...row,
      id: row.ad_id,
      name: row.ad_name,
      adSet: { externalId: row.adset_id, name: row.adset_name },
    })),
};

const identityOfListed = z.object({ id }).transform((row) => ({ row: row.id }));
const identities = {
  adset: z.object({ adset_id: id }).transform((row) => ({ row: row.adset_id })),
  ad: z.object({ ad_id: id }).transform((row) => ({ row: row.ad_id })),
};

/** Ended ones without insights are left out; insights of what is no longer listed are kept, as the money was spent. */
function join(level: Level, listRows: unknown[], insightRows: unknown[], currency: string): Rows<CampaignPartRow> {
  const list = readRows(NAME, listed, listRows, identityOfListed);
  const reported = readRows(NAME, insights[level], insightRows, identities[level]);
  const unreadable = [...list.unreadable, ...reported.unreadable];
  const left = new Set(unreadable.map(({ row }) => row));
  const figures = new Map(reported.read.map((row) => [row.id, row]));
  const parts = distinctRows(list.read, (row) => row.id).flatMap((part): CampaignPartRow[] => {
    const row = figures.get(part.id);
    figures.delete(part.id);
    if ((statuses[part.status] === 'ENDED' && !row) || left.has(part.id)) return [];
    return [
      {
        externalId: part.id,
        name: part.name,
        status: statuses[part.status] ?? 'OTHER',
        providerStatus: part.effective_status,
        type: part.optimization_goal ?? null,
        adGroup: part.adset ? { externalId: part.adset.id, name: part.adset.name } : null,
        keyword: null,
        metrics: metricsOf(row, currency),
      },
    ];
  });
  const removed = [...figures.values()]
    .filter((row) => !left.has(row.id))
    .map(
      (row): CampaignPartRow => ({
        externalId: row.id,
        name: row.name,
        status: 'ENDED',
        providerStatus: 'DELETED',
        type: null,
        adGroup: row.adSet,
        keyword: null,
        metrics: metricsOf(row, currency),
      }),
    );
  return { rows: [...parts, ...removed], unreadable };
}

const owner = z.object({ campaign_id: id });

/** Rows by campaign; those that name none, in every one. */
function byCampaign(rows: unknown[]): (campaignId: string) => unknown[] {
  const groups = groupBy(rows, (row) => owner.safeParse(row).data?.campaign_id ?? '');
  return (campaignId) => [...(groups[campaignId] ?? []), ...(groups[''] ?? [])];
}

const levelOf = (part: CampaignPart): Level => (part === 'ads' ? 'ad' : 'adset');

/** Reads a list and insights for up to 100 campaigns of an account and range, in batches of 50. */
export const readCampaignParts = (api: MetaApi): Readers['campaignParts'] =>
  inHalves<'campaignParts'>(async (accessToken, questions) => {
    const groups = [...groupByRange(questions, MAX_CAMPAIGNS)].map(([group, asked]) => {
      const level = levelOf(group.part);
      return { asked, group, level, list: listOf(level, group), insights: insightsOf(level, group) };
    });
    const requests = groups.flatMap((group) => [group.list, group.insights]);
    const lists = await readLists(api, requests, accessToken);
    const answers: Answers<(typeof questions)[number], Rows<CampaignPartRow>> = new Map();
    for (const { asked, group, level, ...requested } of groups) {
      const found: ListAnswer[] = [listIn(lists, requested.list), listIn(lists, requested.insights)];
      const error = found.find((one) => one instanceof Error);
      const [list, figures] = found.map((one) => byCampaign(one instanceof Error ? [] : one));
      for (const question of asked) {
        try {
          if (error) throw error;
          const rows = [list?.(question.campaignId) ?? [], figures?.(question.campaignId) ?? []] as const;
          answers.set(question, join(level, ...rows, currencyOf(group.account)));
        } catch (reason) {
          answers.set(question, reason as Error);
        }
      }
    }
    return answers;
  }, joinSums);

/** Meta targets people, not words. */
export const whyWithout = (part: CampaignPart): string | undefined =>
  part === 'keywords' ? `${NAME} has no keywords.` : undefined;
