import { z } from 'zod';
import { countText, decimalText } from '#integrations/providers/numbers.js';
import type { CampaignDay, CampaignRow } from '#integrations/providers/products.js';
import { readAnswer } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { NAME } from './errors.js';

export const CAMPAIGN_FIELDS = 'id,name,objective,status,effective_status';
export const INSIGHT_FIELDS = 'campaign_id,campaign_name,impressions,clicks,spend,actions,action_values';

// Contains all of Meta's names for a sale (`omni_purchase`, `offsite_conversion.fb_pixel_purchase`, …).
const CONVERSION = 'purchase';

const campaign = z.object({
  id: z.string().regex(/^\d+$/),
  name: z.string(),
  objective: z.string().optional(),
  status: z.enum(['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED']),
  effective_status: z.string(),
});

const actions = z.array(z.object({ action_type: z.string(), value: decimalText.optional() })).default([]);

const insight = z.object({
  campaign_id: z.string().regex(/^\d+$/),
  campaign_name: z.string(),
  impressions: countText,
  clicks: countText,
  spend: decimalText,
  actions,
  action_values: actions,
});

type Insight = z.infer<typeof insight>;

const statuses: Record<z.infer<typeof campaign>['status'], CampaignRow['status']> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  ARCHIVED: 'ENDED',
  DELETED: 'ENDED',
};

function conversionsIn(list: Insight['actions']): string {
  return list.find(({ action_type }) => action_type === CONVERSION)?.value ?? '0';
}

function metricsOf(row: Insight | undefined, currency: string): CampaignRow['metrics'] {
  return {
    impressions: row?.impressions ?? 0,
    clicks: row?.clicks ?? 0,
    cost: Money.fromDecimal(row?.spend ?? '0', currency).toString(),
    conversions: Number(conversionsIn(row?.actions ?? [])),
    conversionValue: Money.fromDecimal(conversionsIn(row?.action_values ?? []), currency).toString(),
  };
}

/**
 * Joins campaigns with insights. Ended ones without insights are left out; insights of deleted ones are kept, as their
 * money was spent.
 */
export function joinCampaigns(campaignRows: unknown[], insightRows: unknown[], currency: string): CampaignRow[] {
  const campaigns = campaignRows.map((row) => readAnswer(NAME, campaign, row));
  const insights = new Map(
    insightRows.map((row) => readAnswer(NAME, insight, row)).map((row) => [row.campaign_id, row]),
  );
  const joined = campaigns.flatMap(({ id, name, objective, status, effective_status }): CampaignRow[] => {
    const row = insights.get(id);
    insights.delete(id);
    if (statuses[status] === 'ENDED' && !row) return [];
    return [
      {
        externalId: id,
        name,
        status: statuses[status],
        providerStatus: effective_status,
        objective: objective ?? null,
        metrics: metricsOf(row, currency),
      },
    ];
  });
  const gone = [...insights.values()].map(
    (row): CampaignRow => ({
      externalId: row.campaign_id,
      name: row.campaign_name,
      status: 'ENDED',
      providerStatus: 'DELETED',
      objective: null,
      metrics: metricsOf(row, currency),
    }),
  );
  return [...joined, ...gone];
}

const dayInsight = insight.extend({ date_start: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) });

/** Returns the daily figures in a row. */
export function campaignDayOf(row: unknown, currency: string): CampaignDay {
  const found = readAnswer(NAME, dayInsight, row);
  return { externalId: found.campaign_id, day: found.date_start, metrics: metricsOf(found, currency) };
}
