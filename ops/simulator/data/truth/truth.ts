import { dateOf, dayIn } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfDay } from '#simulator/data/daily-figures.js';
import { type AdGroup, measureAdGroups } from '#simulator/data/parts/ad-groups.js';
import { countriesOf, DEVICES, figuresByCountry, figuresByDevice } from '#simulator/data/parts/breakdowns.js';

export interface Range {
  first: number;
  last: number;
}

/** Google counts halves of orders split between clicks; Meta and LinkedIn count whole orders. */
export type ConversionCount = 'halves' | 'orders';

/** What of a provider's campaigns has figures of its own. */
export interface Parts {
  groupsOf(campaign: Campaign): AdGroup[];
}

export interface TruthOptions {
  count: ConversionCount;
  /** What kind of campaign it is, as the provider calls it. */
  typeOf(campaign: Campaign): string;
  /** Whether days are listed. */
  daily: boolean;
  /** Only accounts of this person; null = all. */
  person: string | null;
  /** Whether ad groups, ads, keywords, devices and countries are listed. */
  detail: boolean;
  parts: Parts;
}

/**
 * Returns expected figures. Adds up days where providers subtract running totals: an error in one shows against the
 * other.
 */
export function truthOf(accounts: readonly Account[], range: Range, now: Date, options: TruthOptions) {
  const { person } = options;
  const shown = accounts.filter(({ people }) => person === null || people.includes(person));
  return shown.map((account) => {
    const last = Math.min(range.last, dayIn(account.timeZone, now));
    return {
      id: account.id,
      name: account.name,
      currency: account.currency,
      timeZone: account.timeZone,
      status: account.status,
      manager: account.manager,
      people: account.people,
      today: dateOf(dayIn(account.timeZone, now)),
      campaigns: account.campaigns.map((campaign) =>
        truthOfCampaign(account, campaign, { first: range.first, last }, options),
      ),
    };
  });
}

function truthOfCampaign(
  account: Account,
  campaign: Campaign,
  { first, last }: Range,
  { count, typeOf, daily, detail, parts }: TruthOptions,
) {
  const days = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  const figures = days.map((day) => figuresOfDay(campaign, day));
  return {
    id: campaign.id,
    name: campaign.name,
    status: campaign.status,
    type: typeOf(campaign),
    ...printFigures(addFigures(figures), account, count),
    ...(daily && {
      budget: budgetOf(campaign, account),
      daily: days.flatMap((day, n) => {
        const ofDay = figures[n];
        return ofDay && ofDay.impressions > 0 ? [{ date: dateOf(day), ...printFigures(ofDay, account, count) }] : [];
      }),
    }),
    ...(detail && {
      adGroups: truthOfParts(parts.groupsOf(campaign), days, { account, campaign, count }),
      devices: truthOfValues(DEVICES, days, (day) => figuresByDevice(campaign, day, day), { account, count }),
      countries: truthOfValues(countriesOf(account), days, (day) => figuresByCountry(campaign, day, day), {
        account,
        count,
      }),
    }),
  };
}

/** Of a shared budget, `sharedBy` is the campaign it is named after. */
function budgetOf(campaign: Campaign, { digits }: Account) {
  const { dailyBudget, sharesBudgetOf = null, hasAdSetBudgets, clickPrice } = campaign;
  const micros = (units: number) => String(BigInt(units) * 10n ** BigInt(6 - digits));
  if (hasAdSetBudgets) return { level: 'AD_SETS', dailyMicros: null, totalMicros: null, sharedBy: null };
  return {
    level: sharesBudgetOf === null ? 'CAMPAIGN' : 'SHARED',
    dailyMicros: dailyBudget === null ? null : micros(dailyBudget),
    totalMicros: dailyBudget === null ? micros(clickPrice * 50_000) : null,
    sharedBy: sharesBudgetOf,
  };
}

function truthOfParts(
  groups: readonly AdGroup[],
  days: readonly number[],
  { account, campaign, count }: { account: Account; campaign: Campaign; count: ConversionCount },
) {
  const measured = days.map((day) => measureAdGroups(campaign, groups, day, day));
  type OfDay = (typeof measured)[number];
  const sum = (read: (ofDay: OfDay) => Figures | undefined) =>
    printFigures(addFigures(measured.flatMap((ofDay) => read(ofDay) ?? [])), account, count);
  return groups.map(({ id, name, status, ads, keywords }, n) => ({
    id,
    name,
    status,
    ...sum((ofDay) => ofDay[n]?.figures),
    ads: ads.map((ad, m) => ({ id: ad.id, status: ad.status, ...sum((ofDay) => ofDay[n]?.ads[m]?.figures) })),
    keywords: keywords.map(({ weight: _, ...keyword }, m) => ({
      ...keyword,
      ...sum((ofDay) => ofDay[n]?.keywords[m]?.figures),
    })),
  }));
}

function truthOfValues(
  values: readonly string[],
  days: readonly number[],
  measure: (day: number) => Figures[],
  { account, count }: { account: Account; count: ConversionCount },
) {
  const measured = days.map(measure);
  return values.map((value, n) => ({
    value,
    ...printFigures(addFigures(measured.flatMap((ofDay) => ofDay[n] ?? [])), account, count),
  }));
}

function printFigures(figures: Figures, account: Account, count: ConversionCount) {
  return {
    impressions: figures.impressions,
    clicks: figures.clicks,
    costMicros: String(BigInt(figures.cost) * 10n ** BigInt(6 - account.digits)),
    conversions: count === 'orders' ? String(figures.orders) : printHalves(figures.halfConversions),
    conversionValue: printHalves(figures.halfValue),
  };
}

function printHalves(halves: number): string {
  return halves % 2 === 0 ? String(halves / 2) : `${(halves - 1) / 2}.5`;
}
