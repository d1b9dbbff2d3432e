import { decimalFromFloat } from './decimal.js';
import { NO_VALUE, type ReportedAccount, type ReportedCampaign, type Template, UNAVAILABLE } from './template.js';

const rowOf = ({ provider, name }: ReportedAccount, campaign: ReportedCampaign) => [
  provider,
  name,
  campaign.name,
  campaign.status,
  campaign.currency,
  String(campaign.impressions),
  String(campaign.clicks),
  campaign.cost,
  campaign.conversions === null ? NO_VALUE : decimalFromFloat(campaign.conversions),
  campaign.conversionValue ?? NO_VALUE,
];

const unavailableRow = ({ provider, name, currency }: ReportedAccount, campaign = NO_VALUE) => [
  provider,
  name,
  campaign,
  UNAVAILABLE,
  currency ?? NO_VALUE,
  ...Array<string>(5).fill(NO_VALUE),
];

/** One row per campaign. */
export const campaignPerformance: Template = {
  id: 'campaign-performance',
  rowsOf: (accounts) =>
    accounts.flatMap((account) =>
      account.unavailable
        ? [unavailableRow(account)]
        : [
            ...account.campaigns.map((campaign) => rowOf(account, campaign)),
            ...(account.leftOut?.rows ?? []).map((campaign) => unavailableRow(account, campaign)),
          ],
    ),
};
