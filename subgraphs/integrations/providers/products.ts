import type { DayRange } from '#integrations/calendar-day.js';

// What can be read from providers, in one vocabulary. Each provider offers the products it has. Everything found is plain
// JSON, so that it can be cached.

/** An account as a reader needs it. */
export interface AccountReference {
  externalId: string;
  /** ISO 4217 code; null where nothing has a price. */
  currency: string | null;
  /** IANA name. */
  timeZone: string;
  /** What the provider needs besides the id to open it, such as the manager it is reached through. */
  access: Record<string, string> | null;
}

/** Returns the currency of an account whose provider prices things. Throws for one without: a defect of ours. */
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
  /** Exact decimal in the account's currency (#runtime/money.js). */
  cost: string;
  /** Some providers count fractions. */
  conversions: number;
  /** Exact decimal in the account's currency. */
  conversionValue: string;
}

/** A campaign with its sums over a range of days. */
export interface CampaignRow {
  externalId: string;
  name: string;
  status: 'ACTIVE' | 'PAUSED' | 'ENDED';
  /** The provider's own status. */
  providerStatus: string;
  /** The provider's own objective; null when it has none. */
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
  /** What rows are grouped by, in this order. */
  dimensions: SearchDimension[];
  /** Most rows to return, in the provider's order: most clicks first, or the oldest days. */
  limit: number;
}

/** Search performance of one combination of dimension values. */
export interface SearchRow {
  /** One per requested dimension, in that order. */
  keys: string[];
  clicks: number;
  impressions: number;
  /** Clicks per impression, 0 to 1. */
  ctr: number;
  /** Average position, 1 = on top. */
  position: number;
}

interface AnalyticsParameters extends RangeParameters {
  /** The provider's names: `eventName`, `sessionDefaultChannelGroup`. */
  dimensions: string[];
  /** The provider's names: `eventCount`, `totalRevenue`. */
  metrics: string[];
  /** Most rows to return. */
  limit: number;
}

export interface AnalyticsReport {
  metrics: { name: string; kind: 'count' | 'decimal' | 'money' | 'seconds' }[];
  /** Values in the requested order; metrics as exact decimals. */
  rows: { dimensions: string[]; metrics: string[] }[];
  /** Rows in total, whatever the limit. */
  rowCount: number;
  /** ISO 4217 code of money in the report. */
  currency: string | null;
}

interface PostsParameters extends RangeParameters {
  /** Most posts to return, newest first. */
  limit: number;
}

export interface PostRow {
  externalId: string;
  text: string;
  /** ISO 8601. */
  createdAt: string;
  url: string;
  /** null where the provider does not report a figure (any more). */
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

/** What can be read of an account, each with its parameters and what is found. */
export interface Products {
  /** Every campaign with its sums over the range; ended ones only if they were active in it. */
  campaigns: { parameters: RangeParameters; found: CampaignRow[] };
  /** Figures of each campaign on each day of the range; days without activity are left out. */
  campaignDays: { parameters: RangeParameters; found: CampaignDay[] };
  searchQueries: { parameters: SearchParameters; found: SearchRow[] };
  analytics: { parameters: AnalyticsParameters; found: AnalyticsReport };
  /** The account's own posts. */
  posts: { parameters: PostsParameters; found: PostRow[] };
  /** One post; null when there is none (any more). */
  postById: { parameters: { postId: string }; found: PostRow | null };
  /** The places of a business. */
  locations: { parameters: object; found: LocationRow[] };
  /** Every day of the range. */
  locationDays: { parameters: RangeParameters & { locationId: string }; found: LocationDay[] };
}

export type Product = keyof Products;

/** What one product answers. */
export type FoundOf<Name extends Product> = Products[Name]['found'];

/** A question about one product of one account, as a provider's reader takes it. */
export type ReaderQuestion<Name extends Product> = { account: AccountReference } & Products[Name]['parameters'];

/** Answers by question: what was found, or why it could not be. */
export type Answers<Asked, Found> = Map<Asked, Found | Error>;

/**
 * Answers many questions on behalf of one user with as few calls as the provider allows: questions about different
 * accounts, ranges and ids are combined where the API can. Never rejects because of the provider: an error is the answer
 * to each question it concerns, and the others are answered.
 */
export type Reader<Name extends Product> = <Asked extends ReaderQuestion<Name>>(
  accessToken: string,
  questions: Asked[],
) => Promise<Answers<Asked, FoundOf<Name>>>;

/** The readers of a provider, by product. */
export type Readers = { [Name in Product]: Reader<Name> };
