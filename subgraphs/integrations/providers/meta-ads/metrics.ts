import { z } from 'zod';
import { countText, decimalText } from '#integrations/providers/numbers.js';
import type { CampaignBudget, CampaignDay, CampaignRow, Rows } from '#integrations/providers/products.js';
import { keyOfDay } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import { Money } from '#runtime/money.js';
import { type Actions, purchasesIn } from './actions.js';
import { NAME } from './errors.js';

export const CAMPAIGN_FIELDS = 'id,name,objective,buying_type,status,effective_status,daily_budget,lifetime_budget';
export const INSIGHT_FIELDS = 'campaign_id,campaign_name,impressions,clicks,spend,actions,action_values';

const id = z.string().regex(/^\d+$/);

const campaign = z.object({
  id,
  name: z.string(),
  objective: z.string().optional(),
  buying_type: z.string().optional(),
  status: z.string(),
  effective_status: z.string(),
  daily_budget: countText.optional(),
  lifetime_budget: countText.optional(),
});

/** Currencies whose amounts Meta gives in whole units, not hundredths. https://developers.facebook.com/docs/marketing-api/currencies */
const WHOLE_UNITS = new Set(['CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND']);

/** One that is 0 is not set. Without any, ad sets have their own: advantage campaign budget is off. */
function budgetOf({ daily_budget, lifetime_budget }: z.infer<typeof campaign>, currency: string): CampaignBudget {
  const micros = WHOLE_UNITS.has(currency) ? 1_000_000n : 10_000n;
  const amount = (units: number | undefined) =>
    units ? Money.fromMicros(BigInt(units) * micros, currency).toString() : null;
  const [daily, total] = [amount(daily_budget), amount(lifetime_budget)];
  return { level: daily || total ? 'CAMPAIGN' : 'AD_SETS', externalId: null, daily, total };
}

const actions = z.array(z.object({ action_type: z.string(), value: decimalText.optional() })).default([]);

/** The figures of a row of insights. */
export const insightFigures = z.object({
  impressions: countText,
  clicks: countText,
  spend: decimalText,
  actions,
  action_values: actions,
});

type Insight = z.infer<typeof insightFigures>;

const insight = insightFigures.extend({ campaign_id: id, campaign_name: z.string() });

const identityOfCampaign = z.object({ id }).transform((row) => ({ row: row.id }));
const identityOfInsight = z.object({ campaign_id: id }).transform((row) => ({ row: row.campaign_id }));

/** States as set, not as they result from those above. */
export const statuses: Record<string, CampaignRow['status']> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  ARCHIVED: 'ENDED',
  DELETED: 'ENDED',
};

/** Meta leaves out the value of an action without any. */
const actionsOf = (list: Insight['actions']): Actions =>
  Object.fromEntries(list.map(({ action_type, value = '0' }) => [action_type, value]));

/** Returns figures with exact decimals; without a row, zeros, and no conversions rather than none. */
export function metricsOf(row: Insight | undefined, currency: string): CampaignRow['metrics'] {
  const actions = actionsOf(row?.actions ?? []);
  const conversions = purchasesIn(actions);
  const value = purchasesIn(actionsOf(row?.action_values ?? []));
  return {
    impressions: row?.impressions ?? 0,
    clicks: row?.clicks ?? 0,
    cost: Money.fromDecimal(row?.spend ?? '0', currency).toString(),
    conversions: conversions === null ? null : Number(conversions),
    conversionValue: value === null ? null : Money.fromDecimal(value, currency).toString(),
    actions,
  };
}

/**
 * Joins campaigns with insights. Ended ones without insights are left out; insights of deleted ones are kept, as their
 * money was spent.
 */
export function joinCampaigns(campaignRows: unknown[], insightRows: unknown[], currency: string): Rows<CampaignRow> {
  const listed = readRows(NAME, campaign, campaignRows, identityOfCampaign);
  const reported = readRows(NAME, insight, insightRows, identityOfInsight);
  const unreadable = [...listed.unreadable, ...reported.unreadable];
  const left = new Set(unreadable.map(({ row }) => row));
  const insights = new Map(reported.read.map((row) => [row.campaign_id, row]));
  const campaigns = distinctRows(listed.read, (row) => row.id);
  const joined = campaigns.flatMap((listing): CampaignRow[] => {
    const { id, name, objective, buying_type, status, effective_status } = listing;
    const row = insights.get(id);
    insights.delete(id);
    if ((statuses[status] === 'ENDED' && !row) || left.has(id)) return [];
    return [
      {
        externalId: id,
        name,
        status: statuses[status] ?? 'OTHER',
        providerStatus: effective_status,
        objective: objective ?? null,
        type: buying_type ?? null,
        budget: budgetOf(listing, currency),
        metrics: metricsOf(row, currency),
      },
    ];
  });
  const removed = [...insights.values()]
    .filter((row) => !left.has(row.campaign_id))
    .map(
      (row): CampaignRow => ({
        externalId: row.campaign_id,
        name: row.campaign_name,
        status: 'ENDED',
        providerStatus: 'DELETED',
        objective: null,
        type: null,
        budget: null,
        metrics: metricsOf(row, currency),
      }),
    );
  return { rows: [...joined, ...removed], unreadable };
}

const dayInsight = insight.extend({ date_start: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) });

const identityOfDay = dayInsight
  .pick({ campaign_id: true, date_start: true })
  .transform((row) => ({ row: row.campaign_id, day: row.date_start }));

/** Reads daily figures. */
export function campaignDaysOf(rows: unknown[], currency: string): Rows<CampaignDay> {
  const { read, unreadable } = readRows(NAME, dayInsight, rows, identityOfDay);
  const days = read.map((row) => ({
    externalId: row.campaign_id,
    day: row.date_start,
    metrics: metricsOf(row, currency),
  }));
  return { rows: distinctRows(days, keyOfDay), unreadable };
}
