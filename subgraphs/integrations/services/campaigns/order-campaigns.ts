import type { Account } from '#integrations/entities/account.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';

export interface CampaignOrder {
  field: 'NAME' | 'IMPRESSIONS' | 'CLICKS' | 'CONVERSIONS' | 'COST';
  direction?: 'ASC' | 'DESC';
}

/** A campaign with the figures it is ordered by. */
export type RankedCampaign = CampaignRow & { account: Account };

type Compare = (one: RankedCampaign, other: RankedCampaign) => number;

const collator = new Intl.Collator('en', { numeric: true });

const byText = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);

const costOf = ({ account, metrics }: RankedCampaign) => Money.fromDecimal(metrics.cost, account.currency ?? '');

const comparisons: Record<CampaignOrder['field'], Compare> = {
  NAME: (one, other) => collator.compare(one.name, other.name),
  IMPRESSIONS: (one, other) => one.metrics.impressions - other.metrics.impressions,
  CLICKS: (one, other) => one.metrics.clicks - other.metrics.clicks,
  CONVERSIONS: (one, other) => one.metrics.conversions - other.metrics.conversions,
  COST: (one, other) => costOf(one).compare(costOf(other)),
};

/** Breaks ties by name, then by account and id: a total order. */
const byName: Compare = (one, other) =>
  collator.compare(one.name, other.name) ||
  byText(one.account.id, other.account.id) ||
  byText(one.externalId, other.externalId);

/** Returns how two campaigns compare: by cost within a currency only. */
export function compareCampaigns({ field, direction = 'DESC' }: CampaignOrder): Compare {
  const sign = direction === 'ASC' ? 1 : -1;
  const currencyFirst: Compare = (one, other) =>
    field === 'COST' ? byText(one.account.currency ?? '', other.account.currency ?? '') : 0;
  return (one, other) => currencyFirst(one, other) || sign * comparisons[field](one, other) || byName(one, other);
}
