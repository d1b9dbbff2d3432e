import type { Account } from '#integrations/entities/account.js';
import type {
  CampaignMetricsModel,
  CampaignModel,
  CurrencyCampaignsModel,
  OrganizationCampaignConnectionModel,
} from '#integrations/models.js';
import { checkPageSize } from '#kit/page.js';
import type { RankedCampaign } from './campaign-ranking.js';

/** Returns the sums of campaigns in one currency. */
export const totalsOf = ({ currency, ranking }: CurrencyCampaignsModel): CampaignMetricsModel => ({
  ...ranking.totalsIn(currency),
  currency,
});

/** Returns the campaigns of each currency, in their order. */
export const currenciesOf = ({
  ranking,
  accounts,
}: Pick<OrganizationCampaignConnectionModel, 'ranking' | 'accounts'>): CurrencyCampaignsModel[] =>
  ranking.byCurrency.map((some) => ({ ...some, accounts }));

/** A campaign has no figures of its own, but takes the range they are wanted for. */
export function nodeOf({ accountId, row }: RankedCampaign, accounts: ReadonlyMap<string, Account>): CampaignModel {
  const { metrics: _, ...campaign } = row;
  return { ...campaign, account: accounts.get(accountId) as Account };
}

/** Returns the first campaigns of a currency. Throws InvalidInput. */
export function firstOfCurrency({ ranking, accounts }: CurrencyCampaignsModel, first: number): CampaignModel[] {
  checkPageSize(first);
  return ranking.campaigns.slice(0, first).map((campaign) => nodeOf(campaign, accounts));
}
