import { Money } from '#runtime/money.js';
import { decimalFromFloat, sumDecimals } from './decimal.js';
import { NO_VALUE, type ReportedAccount, type ReportedCampaign, type Template, UNAVAILABLE } from './template.js';

const FIGURES = 6;

const sumIntegers = (numbers: number[]) => String(numbers.reduce((sum, number) => sum + BigInt(number), 0n));

/** The sum of what has a value; no value when nothing of something has. */
function sumOf<Value>(values: (Value | null)[], sum: (values: Value[]) => string): string {
  const known = values.filter((value) => value !== null);
  return values.length > 0 && known.length === 0 ? NO_VALUE : sum(known);
}

/** By currency; without campaigns, one group in the account's. */
function byCurrency({ campaigns, currency }: ReportedAccount): Map<string | null, ReportedCampaign[]> {
  const groups = new Map<string | null, ReportedCampaign[]>();
  for (const campaign of campaigns) {
    const group = groups.get(campaign.currency);
    if (group) group.push(campaign);
    else groups.set(campaign.currency, [campaign]);
  }
  return groups.size > 0 ? groups : groups.set(currency, []);
}

function figuresOf(campaigns: ReportedCampaign[], currency: string | null): string[] {
  const money = (amounts: string[]) => (currency === null ? NO_VALUE : Money.sum(amounts, currency).toString());
  return [
    String(campaigns.length),
    sumIntegers(campaigns.map(({ impressions }) => impressions)),
    sumIntegers(campaigns.map(({ clicks }) => clicks)),
    money(campaigns.map(({ cost }) => cost)),
    sumOf(
      campaigns.map(({ conversions }) => conversions),
      (known) => sumDecimals(known.map(decimalFromFloat)),
    ),
    sumOf(
      campaigns.map(({ conversionValue }) => conversionValue),
      money,
    ),
  ];
}

function rowsOf(account: ReportedAccount): string[][] {
  const { provider, name, status, currency, hasCampaigns, unavailable, leftOut } = account;
  const withoutFigures = (shown: string) => [
    ...[provider, name, shown, currency ?? NO_VALUE],
    ...Array<string>(FIGURES).fill(NO_VALUE),
  ];
  if (unavailable) return [withoutFigures(UNAVAILABLE)];
  if (!hasCampaigns) return [withoutFigures(status)];
  const rows = [...byCurrency(account)].map(([code, campaigns]) => [
    ...[provider, name, status, code ?? NO_VALUE],
    ...figuresOf(campaigns, code),
  ]);
  return leftOut ? [...rows, withoutFigures(UNAVAILABLE)] : rows;
}

/** One row per account and currency. An account of a provider without campaigns has no figures. */
export const accountSummary: Template = {
  id: 'account-summary',
  rowsOf: (accounts) => accounts.flatMap(rowsOf),
};
