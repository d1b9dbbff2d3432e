import { groupBy } from 'es-toolkit/array';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import { answerByCampaign } from '#integrations/providers/answer-groups.js';
import { inHalves, joinSums } from '#integrations/providers/halves.js';
import type { CampaignPart, CampaignPartRow, CampaignRow, Readers, Rows } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import type { GoogleAdsApi } from './api.js';
import { NAME } from './errors.js';
import { adMetricsOf, isIdle, metricsOfRow, statuses } from './metrics.js';

const CALLS_AT_ONCE = 16;

/** Google Ads takes 20,000. */
const MAX_CAMPAIGNS = 1_000;

const METRICS =
  'metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value';
const AD_GROUP = 'campaign.id, ad_group.id, ad_group.name, ad_group.status, ad_group.type';

/** https://developers.google.com/google-ads/api/fields/v25/overview */
const queries: Record<CampaignPart, { fields: string; from: string; where?: string }> = {
  adGroups: { fields: AD_GROUP, from: 'ad_group' },
  ads: {
    fields: `${AD_GROUP}, ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.type, ad_group_ad.ad.responsive_search_ad.headlines, ad_group_ad.status`,
    from: 'ad_group_ad',
  },
  keywords: {
    fields: `${AD_GROUP}, ad_group_criterion.criterion_id, ad_group_criterion.status, ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type, ad_group_criterion.quality_info.quality_score`,
    from: 'keyword_view',
    where: ' AND ad_group_criterion.negative = FALSE',
  },
};

/** Days are not selected: rows without activity would be left out. */
function queryFor(part: CampaignPart, campaignIds: string[], { start, end }: DayRange): string {
  const { fields, from, where = '' } = queries[part];
  return `SELECT ${fields}, ${METRICS} FROM ${from} WHERE campaign.id IN (${campaignIds.join(', ')}) AND segments.date BETWEEN '${start}' AND '${end}'${where}`;
}

const id = z.string().regex(/^\d+$/);

const groupRow = z.object({
  campaign: z.object({ id }),
  adGroup: z.object({ id, name: z.string(), status: z.string(), type: z.string().optional() }),
  metrics: metricsOfRow,
});

const headline = z.object({ text: z.string().optional() });
const adRow = groupRow.extend({
  adGroupAd: z.object({
    status: z.string(),
    ad: z.object({
      id,
      name: z.string().optional(),
      type: z.string().optional(),
      responsiveSearchAd: z.object({ headlines: z.array(headline).default([]) }).optional(),
    }),
  }),
});

const keywordRow = groupRow.extend({
  adGroupCriterion: z.object({
    criterionId: id,
    status: z.string(),
    keyword: z.object({ text: z.string(), matchType: z.string() }),
    qualityInfo: z.object({ qualityScore: z.number().int().optional() }).optional(),
  }),
});

type GroupRow = z.output<typeof groupRow>;

function partWith(
  row: GroupRow,
  own: Pick<CampaignPartRow, 'externalId' | 'name' | 'type'> & { status: string; keyword?: CampaignPartRow['keyword'] },
  currency: string,
): CampaignPartRow {
  const { status, keyword = null, ...rest } = own;
  return {
    ...rest,
    status: statuses[status] ?? 'OTHER',
    providerStatus: status,
    adGroup: { externalId: row.adGroup.id, name: row.adGroup.name },
    keyword,
    metrics: adMetricsOf(row.metrics, currency),
  };
}

function adGroupOf(row: GroupRow, currency: string): CampaignPartRow {
  const { id: externalId, name, status, type = null } = row.adGroup;
  return { ...partWith(row, { externalId, name, status, type }, currency), adGroup: null };
}

/** Responsive search ads have headlines instead of a name. */
function adOf(row: z.output<typeof adRow>, currency: string): CampaignPartRow {
  const { ad, status } = row.adGroupAd;
  const headlines = (ad.responsiveSearchAd?.headlines ?? []).flatMap(({ text }) => text ?? []).slice(0, 3);
  const name = ad.name || headlines.join(' | ') || null;
  return partWith(row, { externalId: ad.id, name, status, type: ad.type ?? null }, currency);
}

const matchTypes = ['EXACT', 'PHRASE', 'BROAD'] as const;

function keywordOf(row: z.output<typeof keywordRow>, currency: string): CampaignPartRow {
  const { criterionId, status, keyword, qualityInfo } = row.adGroupCriterion;
  const matchType = matchTypes.find((one) => one === keyword.matchType) ?? 'OTHER';
  const own: Parameters<typeof partWith>[1] = {
    // A criterion has the same id in every ad group.
    externalId: `${row.adGroup.id}~${criterionId}`,
    name: keyword.text,
    type: null,
    status,
    keyword: { matchType, qualityScore: qualityInfo?.qualityScore ?? null },
  };
  return partWith(row, own, currency);
}

const owner = z.object({ campaign: z.object({ id }) });
const identity = z.object({ adGroup: z.object({ id }) }).transform(({ adGroup }) => ({ row: adGroup.id }));

/** Removed parts without figures are left out. */
function partsOf<Schema extends typeof groupRow>(
  schema: Schema,
  rows: unknown[],
  partOf: (row: z.output<Schema>) => CampaignPartRow,
): Rows<CampaignPartRow> {
  const { read, unreadable } = readRows(NAME, schema, rows, identity);
  const parts = read.flatMap((row) => {
    const part = partOf(row);
    return part.providerStatus === 'REMOVED' && isIdle(row.metrics) ? [] : [part];
  });
  return { rows: distinctRows(parts, ({ externalId }) => externalId), unreadable };
}

const readersOfRows: Record<CampaignPart, (rows: unknown[], currency: string) => Rows<CampaignPartRow>> = {
  adGroups: (rows, currency) => partsOf(groupRow, rows, (row) => adGroupOf(row, currency)),
  ads: (rows, currency) => partsOf(adRow, rows, (row) => adOf(row, currency)),
  keywords: (rows, currency) => partsOf(keywordRow, rows, (row) => keywordOf(row, currency)),
};

/** One call per account, range and kind of parts, for up to 1,000 campaigns. */
export const readCampaignParts = (api: GoogleAdsApi): Readers['campaignParts'] =>
  inHalves<'campaignParts'>(
    (accessToken, questions) =>
      answerByCampaign(
        questions,
        { concurrency: CALLS_AT_ONCE, most: MAX_CAMPAIGNS },
        async ({ account, range, part, campaignIds }) => {
          const rows = await api.searchStream(accessToken, account, queryFor(part, campaignIds, range));
          const byCampaign = groupBy(rows, (row) => owner.safeParse(row).data?.campaign.id ?? '');
          const { '': unowned = [] } = byCampaign;
          return (campaignId) =>
            readersOfRows[part]([...(byCampaign[campaignId] ?? []), ...unowned], currencyOf(account));
        },
      ),
    joinSums,
  );

/** Performance Max has asset groups, and its search terms are chosen by Google. */
export function whyWithout(part: CampaignPart, { type }: Pick<CampaignRow, 'type'>): string | undefined {
  if (type === 'PERFORMANCE_MAX') return `${NAME} has asset groups instead in Performance Max campaigns.`;
  const hasKeywords = type === null || type === 'SEARCH';
  return part === 'keywords' && !hasKeywords ? `${NAME} reports keywords of search campaigns only.` : undefined;
}
