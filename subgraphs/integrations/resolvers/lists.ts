import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  AdConnectionResolvers,
  AdGroupConnectionResolvers,
  BusinessLocationConnectionResolvers,
  CampaignConnectionResolvers,
  CurrencyCampaignsResolvers,
  KeywordConnectionResolvers,
  OrganizationCampaignConnectionResolvers,
} from '#integrations/resolver-types.js';
import { currenciesOf, firstOfCurrency, totalsOf } from '#integrations/services/campaigns/currency-campaigns.js';
import { currentAccount } from '#integrations/services/health/current-state.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';

const ofAccount = {
  fault: async ({ account }: { account: Account }, _args: unknown, context: Context) =>
    faultOfAccount(await currentAccount(context, account)),
};

export const CampaignConnection: CampaignConnectionResolvers = ofAccount;
export const AdGroupConnection: AdGroupConnectionResolvers = ofAccount;
export const AdConnection: AdConnectionResolvers = ofAccount;
export const KeywordConnection: KeywordConnectionResolvers = ofAccount;
export const BusinessLocationConnection: BusinessLocationConnectionResolvers = ofAccount;

export const OrganizationCampaignConnection: OrganizationCampaignConnectionResolvers = {
  totalCount: ({ ranking }) => ranking.campaigns.length,
  totals: (page) => currenciesOf(page).map(totalsOf),
  byCurrency: (page) => currenciesOf(page),
};

export const CurrencyCampaigns: CurrencyCampaignsResolvers = {
  totalCount: ({ ranking }) => ranking.campaigns.length,
  totals: (campaigns) => totalsOf(campaigns),
  campaigns: (campaigns, { first }) => firstOfCurrency(campaigns, first),
};
