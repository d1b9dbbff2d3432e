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

const CAMPAIGN_URN = 'urn:li:sponsoredCampaign:';

/** LinkedIn prints floating-point sums in full, such as 107.5300000000000335346: rounded to the millionth. */
export const summedAmount = z
  .string()
  .regex(/^-?\d{1,19}(\.\d{1,60})?$/)
  .transform((text) => new Big(text).toFixed(6, Big.roundHalfUp));

const count = anyCount.default(0);
const date = z.object({ year: z.number().int(), month: z.number().int(), day: z.number().int() });

const place = z.object({
  dateRange: z.object({ start: date }),
  pivotValues: z.tuple([z.string().startsWith(CAMPAIGN_URN)]),
});

const element = place.extend({
  impressions: count,
  clicks: count,
  costInLocalCurrency: summedAmount.default('0'),
  externalWebsiteConversions: count,
  conversionValueInLocalCurrency: summedAmount.default('0'),
});

/** Figures of a campaign over a range or a day. */
export interface Figures {
  campaignId: string;
  /** The first day. */
  day: string;
  impressions: number;
  clicks: number;
  cost: string;
  conversions: number;
  conversionValue: string;
}

type Place = z.output<typeof place>;

const campaignIdOf = ({ pivotValues }: Place) => pivotValues[0].slice(CAMPAIGN_URN.length);
const dayOf = ({ dateRange }: Place) => Temporal.PlainDate.from(dateRange.start).toString();

const identityOfElement = place.transform((row) => ({ row: campaignIdOf(row), day: dayOf(row) }));

function figuresOf(elements: unknown[]): Rows<Figures> {
  const { read, unreadable } = readRows(NAME, element, elements, identityOfElement);
  const figures = read.map((row) => ({
    campaignId: campaignIdOf(row),
    day: dayOf(row),
    impressions: row.impressions,
    clicks: row.clicks,
    cost: row.costInLocalCurrency,
    conversions: row.externalWebsiteConversions,
    conversionValue: row.conversionValueInLocalCurrency,
  }));
  return { rows: distinctRows(figures, ({ campaignId, day }) => `${campaignId} ${day}`), unreadable };
}

interface Wanted {
  accountIds: string[];
  range: DayRange;
  granularity: 'ALL' | 'DAILY';
}

/** By accounts, or else by days; sums over days by `inHalves`. */
function halvesOf({ accountIds, range, granularity }: Wanted): [Wanted, Wanted] {
  const middle = Math.ceil(accountIds.length / 2);
  if (accountIds.length > 1) {
    return [
      { accountIds: accountIds.slice(0, middle), range, granularity },
      { accountIds: accountIds.slice(middle), range, granularity },
    ];
  }
  if (granularity === 'ALL' || range.start === range.end) {
    throw new TooMuchData(NAME, 'has more campaigns than it reports at once');
  }
  const [first, second] = rangeHalves(range);
  return [
    { accountIds, range: first, granularity },
    { accountIds, range: second, granularity },
  ];
}

/** Returns campaigns' figures, in several calls when one would be truncated. */
export async function readFigures(api: LinkedInApi, accessToken: string, wanted: Wanted): Promise<Rows<Figures>> {
  const accounts = listOf(wanted.accountIds.map((id) => `urn:li:sponsoredAccount:${id}`));
  const query =
    `q=analytics&pivot=CAMPAIGN&timeGranularity=${wanted.granularity}` +
    `&dateRange=${dateRangeOf(wanted.range)}&accounts=${accounts}&fields=${FIELDS}`;
  const elements = await api.find(accessToken, '/adAnalytics', query);
  if (elements.length < MAX_ELEMENTS) return figuresOf(elements);
  const [first, second] = halvesOf(wanted);
  return joinRows(await readFigures(api, accessToken, first), await readFigures(api, accessToken, second));
}
