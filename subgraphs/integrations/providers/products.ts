import { type DayRange, isInRange } from '#integrations/calendar-day.js';

// Found values are plain JSON, so that they can be cached.

export interface AccountReference {
  externalId: string;
  /** ISO 4217 code; null where nothing has a price. */
  currency: string | null;
  /** IANA name. */
  timeZone: string;
  /** What the provider needs besides the id. */
  access: Record<string, string> | null;
}

/** Returns the currency. Throws without one: a defect of ours. */
export function currencyOf({ externalId, currency }: Pick<AccountReference, 'externalId' | 'currency'>): string {
  if (currency) return currency;
  throw new Error(`Account ${externalId} has no currency`);
}

interface RangeParameters {
  range: DayRange;
}

/** A row that is left out, as a value in it could not be read exactly. */
export interface UnreadableRow {
  /** What the row is about: the id of a campaign or a post, the keys of a search row. */
  row: string;
  /** The day, where a row is about one. */
  day?: string;
  /** The provider's name of the value. */
  field: string;
}

/** Rows of an answer, each once: of a row that a provider repeats, the later one. */
export interface Rows<Row> {
  rows: Row[];
  unreadable: UnreadableRow[];
}

/** Describes an unreadable row, for error messages. */
export function describeUnreadable({ row, day, field }: UnreadableRow): string {
  const about = day && day !== row ? `${row} on ${day}` : row;
  return `reports a value that cannot be read exactly (${field} of ${about})`;
}

/** Figures of advertising. */
export interface AdMetrics {
  impressions: number;
  clicks: number;
  /** Exact decimal in the account's currency, as `conversionValue`. */
  cost: string;
  /** Possibly fractions; null = the provider reports nothing that counts as one. */
  conversions: number | null;
  conversionValue: string | null;
  /** What people did, as decimals by the provider's word for it; null = the provider does not say. */
  actions: Record<string, string> | null;
}

/** The budget of a campaign, as its provider has it; exact decimals in the account's currency. */
export interface CampaignBudget {
  /** SHARED = several campaigns share it; AD_SETS = the campaign has none, its ad sets have their own. */
  level: 'CAMPAIGN' | 'SHARED' | 'AD_SETS';
  /** The provider's id of a budget that is an object of its own. */
  externalId: string | null;
  daily: string | null;
  /** For the whole time the campaign runs. */
  total: string | null;
}

/** A campaign with its sums over a range. */
export interface CampaignRow {
  externalId: string;
  name: string;
  /** OTHER = a word we do not know. */
  status: 'ACTIVE' | 'PAUSED' | 'ENDED' | 'OTHER';
  /** The provider's value. */
  providerStatus: string;
  /** The provider's value. */
  objective: string | null;
  /** What kind of campaign it is, the provider's value. */
  type: string | null;
  /** null = the provider does not say. */
  budget: CampaignBudget | null;
  metrics: AdMetrics;
}

/** An ad group, an ad or a keyword of a campaign, with its sums over a range. */
export interface CampaignPartRow {
  /** Unique within the campaign. */
  externalId: string;
  /** null = the provider gives it none; the text of a keyword. */
  name: string | null;
  status: CampaignRow['status'];
  /** The provider's value. */
  providerStatus: string;
  /** The provider's word for its kind. */
  type: string | null;
  /** The ad group it is in; null = it is one itself, or is in the campaign directly. */
  adGroup: { externalId: string; name: string } | null;
  /** Given for keywords. `qualityScore` is 1 to 10; null = the provider has too little to say. */
  keyword: { matchType: 'EXACT' | 'PHRASE' | 'BROAD' | 'OTHER'; qualityScore: number | null } | null;
  metrics: AdMetrics;
}

/** What campaigns are in, and which. */
export interface CampaignGroupRow extends Pick<CampaignRow, 'externalId' | 'name' | 'status' | 'providerStatus'> {
  campaignIds: string[];
}

/** What is below a campaign. */
export type CampaignPart = 'adGroups' | 'ads' | 'keywords';

interface PartParameters extends RangeParameters {
  campaignId: string;
  part: CampaignPart;
}

/** Figures of a campaign on one day. */
export interface CampaignDay {
  externalId: string;
  day: string;
  metrics: AdMetrics;
}

/** What figures are broken down by, besides campaigns. */
export type Breakdown = 'DEVICE' | 'COUNTRY';

export type Device = 'MOBILE' | 'TABLET' | 'DESKTOP' | 'CONNECTED_TV' | 'OTHER';

interface BreakdownParameters extends RangeParameters {
  by: Breakdown;
  /** ALL = over the whole range. */
  unit: 'ALL' | 'DAY' | 'MONTH';
  isByCampaign: boolean;
}

/** Figures of one value over a range, a month or a day. Several rows may have the same value: they add up. */
export interface BreakdownRow {
  /** null = not by campaign. */
  campaignId: string | null;
  /** The first day. */
  day: string;
  /** A `Device`, or a country's ISO 3166-1 alpha-2 code; null = the provider does not say which, or names no country. */
  value: string | null;
  metrics: AdMetrics;
}

/** Returns what no other row of an account's daily figures has. */
export const keyOfDay = ({ externalId, day }: Pick<CampaignDay, 'externalId' | 'day'>): string =>
  `${externalId} ${day}`;

/** Returns the part of an answer about days in a range. */
export function daysInRange<Row extends { day: string }>({ rows, unreadable }: Rows<Row>, range: DayRange): Rows<Row> {
  return {
    rows: rows.filter(({ day }) => isInRange(day, range)),
    unreadable: unreadable.filter(({ day }) => day === undefined || isInRange(day, range)),
  };
}

export type SearchDimension = 'query' | 'page' | 'country' | 'device' | 'date';

/** Complete days only, or also those that are still growing. */
export type SearchDataState = 'final' | 'all';

interface SearchParameters extends RangeParameters {
  /** What rows are grouped by; nothing = one row of all. */
  dimensions: SearchDimension[];
  /** Most rows, in the provider's order: most clicks first, or the oldest days. */
  limit: number;
  dataState: SearchDataState;
}

/** Search performance of one combination of dimension values. */
export interface SearchRow {
  /** One per dimension. */
  keys: string[];
  clicks: number;
  impressions: number;
  /** 0 to 1. */
  ctr: number;
  /** 1 = on top. */
  position: number;
}

interface AnalyticsParameters extends RangeParameters {
  /** The provider's names: `eventName`. */
  dimensions: string[];
  /** The provider's names: `eventCount`. */
  metrics: string[];
  /** How many rows to leave out at the beginning. */
  offset: number;
  /** Most rows. */
  limit: number;
}

/** What a report leaves out or estimates. */
export interface AnalyticsQuality {
  isSampled: boolean;
  /** Events read, of how many; null where it is not sampled, or not reported. */
  samplesRead: number | null;
  samplesIn: number | null;
  /** Whether rows with few users are withheld. */
  isThresholded: boolean;
  /** Whether rows beyond a limit of the provider are summed up in one named `(other)`. */
  hasOtherRow: boolean;
}

interface AnalyticsRow {
  /** In the whole report, from 0. */
  position: number;
  /** In the requested order, as the metrics. */
  dimensions: string[];
  /** Exact decimals. */
  metrics: string[];
}

export interface AnalyticsReport extends Rows<AnalyticsRow> {
  metrics: { name: string; kind: 'count' | 'decimal' | 'money' | 'seconds' }[];
  /** Whatever the limit. */
  rowCount: number;
  /** ISO 4217 code. */
  currency: string | null;
  quality: AnalyticsQuality;
}

/** A dimension or a metric that a property can be asked for. */
export interface AnalyticsField {
  /** The provider's name: `eventCount`. */
  name: string;
  /** The name on its screens. */
  label: string;
  description: string;
  category: string;
}

export interface AnalyticsCatalogue {
  dimensions: AnalyticsField[];
  metrics: (AnalyticsField & { kind: AnalyticsReport['metrics'][number]['kind'] })[];
}

export interface PostRow {
  externalId: string;
  text: string;
  /** ISO 8601. */
  createdAt: string;
  url: string;
  /** null = not reported (any more). */
  metrics: Record<
    'impressions' | 'likes' | 'reposts' | 'replies' | 'quotes' | 'bookmarks' | 'linkClicks' | 'profileClicks',
    number | null
  >;
}

export interface LocationRow {
  externalId: string;
  name: string;
  /** The business's own code. */
  storeCode: string | null;
  address: string | null;
  phone: string | null;
  websiteUrl: string | null;
  mapsUrl: string | null;
  isOpen: boolean;
}

/** Actions on a location's profile on one day. */
export interface LocationDay {
  day: string;
  metrics: Record<
    | 'searchImpressions'
    | 'mapsImpressions'
    | 'websiteClicks'
    | 'callClicks'
    | 'directionRequests'
    | 'conversations'
    | 'bookings',
    number
  >;
}

/**
 * The daily figures of a location from the first to the last reported day; days without figures between them are zeros.
 */
export interface LocationDays extends Rows<LocationDay> {
  /** The last day of the range that is reported; null = none. */
  reportedThrough: string | null;
}

/** How far a site's search results are reported. */
export interface SearchCoverage {
  /** The last day of the range with results; null = none. */
  lastDay: string | null;
  /** The first day whose results may still change; null = the provider names none. */
  firstIncompleteDay: string | null;
}

/** Every product with its parameters and what is found. */
export interface Products {
  /** Campaigns with their sums; ended ones only with figures in the range, of whichever kind. */
  campaigns: { parameters: RangeParameters; found: Rows<CampaignRow> };
  /** Figures by campaign and day; days without activity are left out. */
  campaignDays: { parameters: RangeParameters; found: Rows<CampaignDay> };
  /** The parts of a campaign with their sums; ended ones only with figures in the range. */
  campaignParts: { parameters: PartParameters; found: Rows<CampaignPartRow> };
  campaignGroups: { parameters: object; found: Rows<CampaignGroupRow> };
  breakdown: { parameters: BreakdownParameters; found: Rows<BreakdownRow> };
  searchQueries: { parameters: SearchParameters; found: Rows<SearchRow> };
  searchCoverage: { parameters: RangeParameters; found: SearchCoverage };
  analytics: { parameters: AnalyticsParameters; found: AnalyticsReport };
  analyticsCatalogue: { parameters: object; found: AnalyticsCatalogue };
  /** The names that a dimension or a metric cannot be combined with. */
  analyticsIncompatible: { parameters: { dimension?: string; metric?: string }; found: string[] };
  /** Posts of UTC days, newest first. */
  posts: { parameters: RangeParameters; found: Rows<PostRow> };
  /** null when it is gone. */
  postById: { parameters: { postId: string }; found: PostRow | null };
  locations: { parameters: object; found: Rows<LocationRow> };
  locationDays: { parameters: RangeParameters & { locationId: string }; found: LocationDays };
}

export type Product = keyof Products;

export type FoundOf<Name extends Product> = Products[Name]['found'];

/** A question about one product of one account. */
export type ReaderQuestion<Name extends Product> = { account: AccountReference } & Products[Name]['parameters'];

/** What was found for each question, or why it failed. */
export type Answers<Asked, Found> = Map<Asked, Found | Error>;

/**
 * Answers one user's questions with as few calls as the API allows. A provider's error is the answer to the questions
 * it concerns; a reader never rejects for one.
 */
export type Reader<Name extends Product> = <Asked extends ReaderQuestion<Name>>(
  accessToken: string,
  questions: Asked[],
) => Promise<Answers<Asked, FoundOf<Name>>>;

export type Readers = { [Name in Product]: Reader<Name> };
