import { dateOf, dayIn, findDay, startOfMonth } from '#simulator/data/calendar.js';
import type { Campaign } from '#simulator/data/campaign.js';
import type { Figures } from '#simulator/data/daily-figures.js';
import { type CampaignGroup, creativeGroupsOf, type LinkedinAccount } from '#simulator/data/linkedin-accounts.js';
import { measureAdGroups } from '#simulator/data/parts/ad-groups.js';
import {
  countriesOf,
  DEVICES,
  type Device,
  figuresByCountry,
  figuresByDevice,
} from '#simulator/data/parts/breakdowns.js';
import { geoIdOf } from '#simulator/linkedin/geo.js';
import { invalidParameter, missingParameter } from '#simulator/linkedin/linkedin-error.js';
import { readFieldNames } from '#simulator/linkedin/projection.js';
import type { RestCall } from '#simulator/linkedin/rest-call.js';
import type { RestliValue } from '#simulator/linkedin/restli/parse-value.js';
import { checkNames, type RestliQuery } from '#simulator/linkedin/restli/query.js';
import { readChoice, readInteger, readList, readRecord, readUrn } from '#simulator/linkedin/restli/read-value.js';
import { ACCOUNT, CAMPAIGN, CAMPAIGN_GROUP, CREATIVE, GEO, ORGANIZATION, urnOf } from '#simulator/linkedin/urns.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import { isMetric } from './analytics-fields.js';

/** A campaign with its group and account. */
export interface Measured {
  account: LinkedinAccount;
  group: CampaignGroup;
  campaign: Campaign;
}

/** A part of a campaign's figures, by a value of a pivot. */
export interface MeasuredPart {
  value: string;
  figures: Figures;
}

export type Pivot =
  | { of: (measured: Measured) => string }
  | {
      split: (measured: Measured, first: number, last: number) => MeasuredPart[];
      /** Values of fewer impressions are withheld, so that no member can be recognised. */
      leastImpressions: number;
    };

const DEVICE_NAMES: Record<Device, string> = {
  smartphone: 'MOBILE_APP',
  iphone: 'MOBILE_APP',
  tablet: 'MOBILE_WEB',
  ipad: 'MOBILE_WEB',
  desktop: 'DESKTOP_WEB',
  tv: 'CONNECTED_TV',
  other: 'UNKNOWN',
};

const PIVOTS: Readonly<Record<string, Pivot>> = {
  ACCOUNT: { of: ({ account }) => urnOf(ACCOUNT, account.id) },
  CAMPAIGN_GROUP: { of: ({ group }) => urnOf(CAMPAIGN_GROUP, group.id) },
  CAMPAIGN: { of: ({ campaign }) => urnOf(CAMPAIGN, campaign.id) },
  COMPANY: { of: ({ account }) => urnOf(ORGANIZATION, account.organization) },
  CREATIVE: {
    leastImpressions: 1,
    split: ({ campaign }, first, last) =>
      measureAdGroups(campaign, creativeGroupsOf(campaign), first, last).flatMap(({ ads }) =>
        ads.map(({ ad, figures }) => ({ value: urnOf(CREATIVE, ad.id), figures })),
      ),
  },
  IMPRESSION_DEVICE_TYPE: {
    leastImpressions: 1,
    split: ({ campaign }, first, last) =>
      figuresByDevice(campaign, first, last).map((figures, n) => ({
        value: DEVICE_NAMES[DEVICES[n] as Device],
        figures,
      })),
  },
  // https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads-reporting/ads-reporting: at least three events
  MEMBER_COUNTRY_V2: {
    leastImpressions: 3,
    split: ({ account, campaign }, first, last) =>
      figuresByCountry(campaign, first, last).map((figures, n) => ({
        value: urnOf(GEO, geoIdOf(countriesOf(account)[n] ?? '')),
        figures,
      })),
  },
};

/** Pivots of LinkedIn that are not simulated. */
const OTHER_PIVOTS = [
  'SHARE',
  'CONVERSION',
  'CONVERSATION_NODE',
  'CONVERSATION_NODE_OPTION_INDEX',
  'SERVING_LOCATION',
  'CARD_INDEX',
  'PLACEMENT_NAME',
  'EVENT_STAGE',
  'MEMBER_COMPANY_SIZE',
  'MEMBER_INDUSTRY',
  'MEMBER_SENIORITY',
  'MEMBER_JOB_TITLE',
  'MEMBER_JOB_FUNCTION',
  'MEMBER_REGION_V2',
  'MEMBER_COUNTY',
  'MEMBER_COMPANY',
];

export interface DayRange {
  first: number;
  last: number;
}

export interface AnalyticsRequest {
  pivots: Pivot[];
  /** One element per range and pivot value. */
  ranges: DayRange[];
  /** Ids per facet, all of which must match; at least one facet. */
  facets: Partial<Record<Facet, ReadonlySet<string>>>;
  fields: string[];
}

const FACETS = { accounts: ACCOUNT, campaignGroups: CAMPAIGN_GROUP, campaigns: CAMPAIGN, companies: ORGANIZATION };
type Facet = keyof typeof FACETS;

const FACET_NAMES = Object.keys(FACETS) as Facet[];
const MAX_METRICS = 20;
const MAX_PIVOTS = 3;
const MAX_REACH_DAYS = 92;
const NOT_METRICS = ['dateRange', 'pivotValues'];
const DEFAULT_FIELDS = ['impressions', 'clicks'];

/** Parses a call: https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads-reporting/ads-reporting */
export function readAnalyticsRequest({ query, world }: RestCall): AnalyticsRequest {
  const finder = readChoice(query.get('q') ?? '', 'q', ['analytics', 'statistics']);
  const pivotName = finder === 'analytics' ? 'pivot' : 'pivots';
  const required = ['q', pivotName, 'dateRange', 'timeGranularity'];
  checkNames(query, [...required, ...FACET_NAMES, 'fields'], required);
  const facets = readFacets(query);
  const today = dayIn('UTC', world.clock.now());
  const range = readDateRange(query.get('dateRange') ?? '', today);
  return {
    pivots: readPivots(query.get(pivotName) ?? '', pivotName),
    ranges: split(range, readGranularity(query)),
    facets,
    fields: readMetrics(query, range),
  };
}

function readPivots(value: RestliValue, name: string): Pivot[] {
  if (name === 'pivot') return [readPivot(value, name)];
  const pivots = readList(value, name).map((one, n) => readPivot(one, `${name}[${n}]`));
  if (pivots.length < 1 || pivots.length > MAX_PIVOTS)
    throw invalidParameter(name, `Expected one to ${MAX_PIVOTS} pivots`);
  if (pivots.filter((pivot) => 'split' in pivot).length > 1) throw new NotSimulated('these pivots together');
  return pivots;
}

function readPivot(value: RestliValue, path: string): Pivot {
  if (OTHER_PIVOTS.includes(String(value))) throw new NotSimulated(`the pivot ${value}`);
  return PIVOTS[readChoice(value, path, Object.keys(PIVOTS))] as Pivot;
}

function readFacets(query: RestliQuery): AnalyticsRequest['facets'] {
  const facets: AnalyticsRequest['facets'] = {};
  for (const name of FACET_NAMES) {
    const value = query.get(name);
    if (value === undefined) continue;
    facets[name] = new Set(readList(value, name).map((urn, n) => readUrn(urn, `${name}[${n}]`, FACETS[name])));
  }
  if (Object.keys(facets).length === 0) throw missingParameter(FACET_NAMES.join(' or '));
  return facets;
}

function readDateRange(value: RestliValue, today: number): DayRange {
  const { start, end } = readRecord(value, 'dateRange', ['start', 'end']);
  if (start === undefined) throw missingParameter('dateRange.start');
  const first = readDate(start, 'dateRange.start');
  const last = end === undefined ? Math.max(first, today) : readDate(end, 'dateRange.end');
  if (first > last) throw invalidParameter('dateRange', 'The start is after the end');
  return { first, last };
}

function readDate(value: RestliValue, path: string): number {
  const date = readRecord(value, path, ['year', 'month', 'day']);
  const part = (name: string, most: number, length: number) => {
    const given = date[name];
    if (given === undefined) throw missingParameter(`${path}.${name}`);
    return String(readInteger(given, `${path}.${name}`, 1, most)).padStart(length, '0');
  };
  const day = findDay(`${part('year', 9_999, 4)}-${part('month', 12, 2)}-${part('day', 31, 2)}`);
  if (day === null) throw invalidParameter(path, 'There is no such day');
  return day;
}

type Granularity = 'ALL' | 'DAILY' | 'MONTHLY' | 'YEARLY';

function readGranularity(query: RestliQuery): Granularity {
  const choices: readonly Granularity[] = ['ALL', 'DAILY', 'MONTHLY', 'YEARLY'];
  return readChoice(query.get('timeGranularity') ?? '', 'timeGranularity', choices);
}

function split({ first, last }: DayRange, granularity: Granularity): DayRange[] {
  if (granularity === 'ALL') return [{ first, last }];
  const ranges: DayRange[] = [];
  for (let start = first; start <= last; ) {
    const next = startOfNext(start, granularity);
    ranges.push({ first: start, last: Math.min(next - 1, last) });
    start = next;
  }
  return ranges;
}

function startOfNext(day: number, granularity: Granularity): number {
  if (granularity === 'DAILY') return day + 1;
  const monthsLeft = granularity === 'MONTHLY' ? 1 : 13 - Number(dateOf(day).slice(5, 7));
  return startOfMonth(day, monthsLeft);
}

function readMetrics(query: RestliQuery, { first, last }: DayRange): string[] {
  const fields = readFieldNames(query);
  if (fields === null) return DEFAULT_FIELDS;
  const metrics = fields.filter((field) => !NOT_METRICS.includes(field));
  for (const metric of metrics) if (!isMetric(metric)) throw new NotSimulated(`the metric ${metric}`);
  if (metrics.length > MAX_METRICS)
    throw invalidParameter('fields', `At most ${MAX_METRICS} metrics can be asked for, not ${metrics.length}`);
  if (metrics.includes('approximateMemberReach') && last - first >= MAX_REACH_DAYS)
    throw invalidParameter('fields', `approximateMemberReach covers at most ${MAX_REACH_DAYS} days`);
  return fields;
}
