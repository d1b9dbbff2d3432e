import { groupBy } from 'es-toolkit/array';
import type { RankedCampaign } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';

export interface CampaignOrder {
  field: 'NAME' | 'IMPRESSIONS' | 'CLICKS' | 'CONVERSIONS' | 'COST';
  direction?: 'ASC' | 'DESC';
}

type Compare = (one: RankedCampaign, other: RankedCampaign) => number;

const collator = new Intl.Collator('en', { numeric: true });

const byText = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);

const costOf = ({ account, metrics }: RankedCampaign) => Money.fromDecimal(metrics.cost, account.currency ?? '');

const comparisons: Record<CampaignOrder['field'], Compare> = {
  NAME: (one, other) => collator.compare(one.name, other.name),
  IMPRESSIONS: (one, other) => one.metrics.impressions - other.metrics.impressions,
  CLICKS: (one, other) => one.metrics.clicks - other.metrics.clicks,
  CONVERSIONS: (one, other) => (one.metrics.conversions ?? -1) - (other.metrics.conversions ?? -1),
  COST: (one, other) => costOf(one).compare(costOf(other)),
};

/** Breaks ties by name, then by account and id: a total order. */
const byName: Compare = (one, other) =>
  collator.compare(one.name, other.name) ||
  byText(one.account.id, other.account.id) ||
  byText(one.externalId, other.externalId);

/** Returns campaigns by currency, the currencies by their code, in the given order. */
export function byCurrency(campaigns: RankedCampaign[]): [currency: string, campaigns: RankedCampaign[]][] {
  const groups = Object.entries(groupBy(campaigns, ({ account }) => currencyOf(account)));
  return groups.sort(([one], [other]) => byText(one, other));
}

/**
 * Orders campaigns. Costs compare within a currency only: the first of each currency come first, then the second of
 * each.
 */
export function orderCampaigns(
  campaigns: RankedCampaign[],
  { field, direction = 'DESC' }: CampaignOrder,
): RankedCampaign[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const sorted = (some: RankedCampaign[]) =>
    some.sort((one, other) => sign * comparisons[field](one, other) || byName(one, other));
  if (field !== 'COST') return sorted([...campaigns]);
  const groups = byCurrency(campaigns).map(([, some]) => sorted(some));
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, rank) => groups.flatMap((group) => group[rank] ?? [])).flat();
}
