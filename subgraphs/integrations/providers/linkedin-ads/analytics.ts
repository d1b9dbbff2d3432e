import Big from 'big.js';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';
import { TooMuchData } from '#integrations/errors.js';
import { joinRows, halvesOf as rangeHalves } from '#integrations/providers/halves.js';
import { count as anyCount } from '#integrations/providers/numbers.js';
import type { Rows } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import type { LinkedInApi } from './api.js';
import { NAME } from './errors.js';
import { dateRangeOf, listOf } from './restli.js';

/**
 * LinkedIn truncates longer answers silently.
 * https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
 */
const MAX_ELEMENTS = 15_000;

const FIELDS =
  'dateRange,pivotValues,impressions,clicks,costInLocalCurrency,externalWebsiteConversions,conversionValueInLocalCurrency';

/** LinkedIn prints floating-point sums in full, such as 107.5300000000000335346: rounded to the millionth. */
export const summedAmount = z
  .string()
  .regex(/^-?\d{1,19}(\.\d{1,60})?$/)
  .transform((text) => new Big(text).toFixed(6, Big.roundHalfUp));

const count = anyCount.default(0);
const date = z.object({ year: z.number().int(), month: z.number().int(), day: z.number().int() });

/** What elements are by, with the beginning of its values. */
export interface Pivot {
  name: 'CAMPAIGN' | 'CREATIVE' | 'IMPRESSION_DEVICE_TYPE' | 'MEMBER_COUNTRY_V2';
  /** Left out of the values. */
  prefix: string;
}

export const CAMPAIGN: Pivot = { name: 'CAMPAIGN', prefix: 'urn:li:sponsoredCampaign:' };
export const DEVICE: Pivot = { name: 'IMPRESSION_DEVICE_TYPE', prefix: '' };
export const COUNTRY: Pivot = { name: 'MEMBER_COUNTRY_V2', prefix: '' };
export const CREATIVE: Pivot = { name: 'CREATIVE', prefix: 'urn:li:sponsoredCreative:' };

/** Figures of one combination of pivot values over a range, a month or a day. */
export interface Figures {
  values: string[];
  /** The first day. */
  day: string;
  impressions: number;
  clicks: number;
  cost: string;
  conversions: number;
  conversionValue: string;
}

const dateRange = z.object({ start: date });

function schemaOf(pivots: readonly Pivot[]) {
  const place = z.object({
    dateRange,
    pivotValues: z
      .array(z.string())
      .length(pivots.length)
      .refine((values) => values.every((value, n) => value.startsWith(pivots[n]?.prefix ?? '')))
      .transform((values) => values.map((value, n) => value.slice(pivots[n]?.prefix.length))),
  });
  const element = place.extend({
    impressions: count,
    clicks: count,
    costInLocalCurrency: summedAmount.default('0'),
    externalWebsiteConversions: count,
    conversionValueInLocalCurrency: summedAmount.default('0'),
  });
  return { place, element };
}

const dayOf = (range: z.output<typeof dateRange>) => Temporal.PlainDate.from(range.start).toString();

function figuresOf(elements: unknown[], pivots: readonly Pivot[]): Rows<Figures> {
  const { place, element } = schemaOf(pivots);
  const identity = place.transform((row) => ({ row: row.pivotValues.join(' '), day: dayOf(row.dateRange) }));
  const { read, unreadable } = readRows(NAME, element, elements, identity);
  const figures = read.map((row) => ({
    values: row.pivotValues,
    day: dayOf(row.dateRange),
    impressions: row.impressions,
    clicks: row.clicks,
    cost: row.costInLocalCurrency,
    conversions: row.externalWebsiteConversions,
    conversionValue: row.conversionValueInLocalCurrency,
  }));
  return { rows: distinctRows(figures, ({ values, day }) => `${values.join(' ')} ${day}`), unreadable };
}

/** Which figures: of accounts or campaigns, by one to three pivots. */
export interface WantedFigures {
  pivots: readonly Pivot[];
  of: { facet: 'accounts' | 'campaigns'; ids: string[] };
  range: DayRange;
  granularity: 'ALL' | 'DAILY' | 'MONTHLY';
}

/** By accounts or campaigns, or else by days; sums over days by `inHalves`. */
function halvesOf(wanted: WantedFigures): [WantedFigures, WantedFigures] {
  const { of, range, granularity } = wanted;
  const middle = Math.ceil(of.ids.length / 2);
  if (of.ids.length > 1) {
    return [
      { ...wanted, of: { ...of, ids: of.ids.slice(0, middle) } },
      { ...wanted, of: { ...of, ids: of.ids.slice(middle) } },
    ];
  }
  if (granularity !== 'DAILY' || range.start === range.end) {
    throw new TooMuchData(NAME, 'has more campaigns than it reports at once');
  }
  const [first, second] = rangeHalves(range);
  return [
    { ...wanted, range: first },
    { ...wanted, range: second },
  ];
}

const ENTITIES = { accounts: 'urn:li:sponsoredAccount:', campaigns: 'urn:li:sponsoredCampaign:' };

/** Returns figures, in several calls when one would be truncated. */
export async function readFigures(
  api: LinkedInApi,
  accessToken: string,
  wanted: WantedFigures,
): Promise<Rows<Figures>> {
  const { pivots, of, range, granularity } = wanted;
  const names = pivots.map(({ name }) => name);
  const by = names.length === 1 ? `q=analytics&pivot=${names[0]}` : `q=statistics&pivots=${listOf(names)}`;
  const query =
    `${by}&timeGranularity=${granularity}&dateRange=${dateRangeOf(range)}` +
    `&${of.facet}=${listOf(of.ids.map((id) => `${ENTITIES[of.facet]}${id}`))}&fields=${FIELDS}`;
  const elements = await api.find(accessToken, '/adAnalytics', query);
  if (elements.length < MAX_ELEMENTS) return figuresOf(elements, pivots);
  const [first, second] = halvesOf(wanted);
  return joinRows(await readFigures(api, accessToken, first), await readFigures(api, accessToken, second));
}
