import type { DayRange } from '#integrations/calendar-day.js';

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

/** Figures of advertising. */
export interface AdMetrics {
  impressions: number;
  clicks: number;
  /** Exact decimal in the account's currency, as `conversionValue`. */
  cost: string;
  /** Possibly fractions. */
  conversions: number;
  conversionValue: string;
}

/** A campaign with its sums over a range. */
export interface CampaignRow {
  externalId: string;
  name: string;
  status: 'ACTIVE' | 'PAUSED' | 'ENDED';
  /** The provider's value. */
  providerStatus: string;
  /** The provider's value. */
  objective: string | null;
  metrics: AdMetrics;
}

/** Figures of a campaign on one day. */
export interface CampaignDay {
  externalId: string;
  day: string;
  metrics: AdMetrics;
}

export type SearchDimension = 'query' | 'page' | 'country' | 'device' | 'date';

interface SearchParameters extends RangeParameters {
  /** What rows are grouped by. */
  dimensions: SearchDimension[];
  /** Most rows, in the provider's order: most clicks first, or the oldest days. */
  limit: number;
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
  /** Most rows. */
  limit: number;
}

export interface AnalyticsReport {
  metrics: { name: string; kind: 'count' | 'decimal' | 'money' | 'seconds' }[];
  /** In the requested order; metrics as exact decimals. */
  rows: { dimensions: string[]; metrics: string[] }[];
  /** Whatever the limit. */
  rowCount: number;
  /** ISO 4217 code. */
  currency: string | null;
}

interface PostsParameters extends RangeParameters {
  /** Most posts, newest first. */
  limit: number;
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

/** Every product with its parameters and what is found. */
export interface Products {
  /** Campaigns with their sums; ended ones only if active in the range. */
  campaigns: { parameters: RangeParameters; found: CampaignRow[] };
  /** Figures by campaign and day; days without activity are left out. */
  campaignDays: { parameters: RangeParameters; found: CampaignDay[] };
  searchQueries: { parameters: SearchParameters; found: SearchRow[] };
  analytics: { parameters: AnalyticsParameters; found: AnalyticsReport };
  posts: { parameters: PostsParameters; found: PostRow[] };
  /** null when it is gone. */
  postById: { parameters: { postId: string }; found: PostRow | null };
  locations: { parameters: object; found: LocationRow[] };
  locationDays: { parameters: RangeParameters & { locationId: string }; found: LocationDay[] };
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
