import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { dateOf, weekdayOf } from '#simulator/data/calendar.js';
import type { Cut, Slice } from './slice.js';

export interface Dimension {
  uiName: string;
  category: string;
  /** Advertising metrics are measured per source and day only. */
  fitsAds: boolean;
  cut?: Cut;
  of(slice: Slice, property: AnalyticsProperty): string;
}

const compact = (day: number) => dateOf(day).replaceAll('-', '');
/** ISO weeks belong to the year of their Thursday. */
function isoWeekOf(day: number): string {
  const thursday = dateOf(day - ((weekdayOf(day) + 6) % 7) + 3);
  const year = thursday.slice(0, 4);
  const dayOfYear = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000;
  return year + twoDigits(Math.floor(dayOfYear / 7) + 1);
}

const twoDigits = (n = 0) => String(n).padStart(2, '0');
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function time(uiName: string, of: Dimension['of'], cut?: Cut): Dimension {
  return { uiName, category: 'Time', fitsAds: cut === undefined, of, ...(cut && { cut }) };
}

function traffic(uiName: string, of: Dimension['of']): Dimension {
  return { uiName, category: 'Traffic source', fitsAds: true, of };
}

function other(category: string, uiName: string, of: Dimension['of'], cut?: Cut): Dimension {
  return { uiName, category, fitsAds: false, of, ...(cut && { cut }) };
}

/** https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema */
export const dimensions: Readonly<Record<string, Dimension>> = {
  date: time('Date', ({ day }) => compact(day)),
  year: time('Year', ({ day }) => compact(day).slice(0, 4)),
  month: time('Month', ({ day }) => compact(day).slice(4, 6)),
  day: time('Day', ({ day }) => compact(day).slice(6)),
  yearMonth: time('Year month', ({ day }) => compact(day).slice(0, 6)),
  isoYearIsoWeek: time('ISO week of ISO year', ({ day }) => isoWeekOf(day)),
  dayOfWeek: time('Day of week', ({ day }) => String(weekdayOf(day))),
  dayOfWeekName: time('Day of week name', ({ day }) => WEEKDAYS[weekdayOf(day)] ?? ''),
  hour: time('Hour', ({ hour }) => twoDigits(hour), 'hour'),
  dateHour: time('Date + hour (YYYYMMDDHH)', ({ day, hour }) => compact(day) + twoDigits(hour), 'hour'),
  country: other('Geography', 'Country', ({ audience }) => audience.place.country),
  countryId: other('Geography', 'Country ID', ({ audience }) => audience.place.countryId),
  region: other('Geography', 'Region', ({ audience }) => audience.place.region),
  city: other('Geography', 'City', ({ audience }) => audience.place.city),
  language: other('User', 'Language', ({ audience }) => audience.place.language),
  deviceCategory: other('Platform / device', 'Device category', ({ audience }) => audience.device.category),
  operatingSystem: other('Platform / device', 'Operating system', ({ audience }) => audience.device.os),
  browser: other('Platform / device', 'Browser', ({ audience }) => audience.device.browser),
  platform: other('Platform / device', 'Platform', () => 'web'),
  sessionSource: traffic('Session source', ({ audience }) => audience.source.source),
  sessionMedium: traffic('Session medium', ({ audience }) => audience.source.medium),
  sessionSourceMedium: traffic(
    'Session source / medium',
    ({ audience }) => `${audience.source.source} / ${audience.source.medium}`,
  ),
  sessionDefaultChannelGroup: traffic('Session default channel group', ({ audience }) => audience.source.channel),
  sessionCampaignName: traffic('Session campaign', ({ audience }) => audience.source.campaign),
  firstUserSource: other('Traffic source', 'First user source', ({ audience }) => audience.source.source),
  firstUserMedium: other('Traffic source', 'First user medium', ({ audience }) => audience.source.medium),
  firstUserDefaultChannelGroup: other(
    'Traffic source',
    'First user default channel group',
    ({ audience }) => audience.source.channel,
  ),
  hostName: other('Page / screen', 'Hostname', (_slice, { hostName }) => hostName),
  pagePath: other('Page / screen', 'Page path', ({ page }) => page?.path ?? '(not set)', 'page'),
  pageTitle: other('Page / screen', 'Page title', ({ page }) => page?.title ?? '(not set)', 'page'),
  landingPage: other('Page / screen', 'Landing page', ({ landing }) => landing?.path ?? '(not set)', 'landing'),
  eventName: other('Event', 'Event name', ({ event }) => event ?? '(not set)', 'event'),
};

export const realtimeDimensions: Readonly<Record<string, Dimension>> = {
  ...Object.fromEntries(
    ['country', 'countryId', 'city', 'deviceCategory', 'platform', 'eventName'].flatMap((name) => {
      const dimension = dimensions[name];
      return dimension ? [[name, dimension]] : [];
    }),
  ),
  minutesAgo: time('Realtime minutes ago', ({ minutesAgo }) => twoDigits(minutesAgo)),
  unifiedScreenName: other('Page / screen', 'Page title and screen name', ({ page }) => page?.title ?? '', 'page'),
};
