import { Money } from '#runtime/money.js';
import { decimalFromFloat, sumDecimals } from './decimal.js';
import type { ReportedAccount, ReportedCampaign, Template } from './template.js';

const sumIntegers = (numbers: number[]) => String(numbers.reduce((sum, number) => sum + BigInt(number), 0n));

/** By currency; without campaigns, one group in the account's. */
function byCurrency({ campaigns, currency }: ReportedAccount): Map<string, ReportedCampaign[]> {
  const groups = new Map<string, ReportedCampaign[]>();
  for (const campaign of campaigns) {
    const group = groups.get(campaign.currency);
    if (group) group.push(campaign);
    else groups.set(campaign.currency, [campaign]);
  }
  return groups.size > 0 ? groups : groups.set(currency, []);
}

/** One row per account and currency. */
export const accountSummary: Template = {
  id: 'account-summary',
  rowsOf: (accounts) =>
    accounts.flatMap((account) =>
      [...byCurrency(account)].map(([currency, campaigns]) => [
        account.provider,
        account.name,
        account.status,
        currency,
        String(campaigns.length),
        sumIntegers(campaigns.map(({ impressions }) => impressions)),
        sumIntegers(campaigns.map(({ clicks }) => clicks)),
        Money.sum(
          campaigns.map(({ cost }) => cost),
          currency,
        ).toString(),
        sumDecimals(campaigns.map(({ conversions }) => decimalFromFloat(conversions))),
        Money.sum(
          campaigns.map(({ conversionValue }) => conversionValue),
          currency,
        ).toString(),
      ]),
    ),
};
