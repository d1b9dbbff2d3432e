import type {
  CampaignMetricsModel,
  CampaignModel,
  CurrencyCampaignsModel,
  RankedCampaign,
} from '#integrations/models.js';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import { checkPageSize } from '#kit/page.js';
import { byCurrency } from './order-campaigns.js';

/** Returns the sums of campaigns in one currency. */
export function totalsOf({ currency, ranked }: CurrencyCampaignsModel): CampaignMetricsModel {
  const metrics = ranked.map((campaign) => campaign.metrics);
  return { ...addMetrics(metrics, currency), currency };
}

/** Returns the campaigns of each currency, in their order. */
export const currenciesOf = ({ ranked }: { ranked: RankedCampaign[] }): CurrencyCampaignsModel[] =>
  byCurrency(ranked).map(([currency, some]) => ({ currency, ranked: some }));

/** A campaign has no figures of its own, but takes the range they are wanted for. */
export const nodeOf = ({ metrics: _, ...campaign }: RankedCampaign): CampaignModel => campaign;

/** Returns the first campaigns of a currency. Throws InvalidInput. */
export function firstOfCurrency({ ranked }: CurrencyCampaignsModel, first: number): CampaignModel[] {
  checkPageSize(first);
  return ranked.slice(0, first).map(nodeOf);
}
