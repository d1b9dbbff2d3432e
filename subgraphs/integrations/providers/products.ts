import type { ProviderAccount } from './provider.js';

// What providers can be asked for, in one vocabulary. A provider answers the products it has. Everything found is plain
// JSON, so that it can be remembered.

/** What a reader needs to know of an account. */
export type AccountReference = Pick<ProviderAccount, 'externalId' | 'currency' | 'timeZone' | 'access'>;

/** Something asked of one account. */
export interface Question {
  account: AccountReference;
}

/**
 * Answers many questions on behalf of one person, in their order, with as few calls as the provider allows: questions
 * about different accounts, ranges and ids are put together where it can be done. Never rejects for what goes wrong at
 * the provider: the error stands in the place of each question it concerns, and the others are answered.
 */
export type Reader<Asked extends Question, Found> = (
  accessToken: string,
  questions: Asked[],
) => Promise<(Found | Error)[]>;

/** Calendar days in the account's time zone, both included, as `YYYY-MM-DD`. */
export interface DayRange {
  start: string;
  end: string;
}

export interface RangeQuestion extends Question {
  range: DayRange;
}

/** What advertising did and cost. */
export interface AdMetrics {
  impressions: number;
  clicks: number;
  /** Exact decimal in the account's currency; see ops/runtime/money.ts. */
  cost: string;
  /** Some providers count fractions. */
  conversions: number;
  /** Exact decimal in the account's currency. */
  conversionValue: string;
}

/** A campaign and what it did on a range of days. */
export interface CampaignRow {
  externalId: string;
  name: string;
  status: 'ACTIVE' | 'PAUSED' | 'ENDED';
  /** The provider's own word for the status. */
  providerStatus: string;
  /** What it is for, in the provider's words; null when it does not say. */
  objective: string | null;
  metrics: AdMetrics;
}

/** What a campaign did on one day. */
export interface CampaignDay {
  externalId: string;
  day: string;
  metrics: AdMetrics;
}

export type SearchDimension = 'query' | 'page' | 'country' | 'device' | 'date';

export interface SearchQuestion extends RangeQuestion {
  /** What a row stands for, in this order. */
  dimensions: SearchDimension[];
  /** Rows at the most, in the order of the provider: those with most clicks first, or the oldest days. */
  limit: number;
}

/** How one combination of the dimensions did in search results. */
export interface SearchRow {
  /** One per dimension asked for, in their order. */
  keys: string[];
  clicks: number;
  impressions: number;
  /** Clicks per impression, 0 to 1. */
  ctr: number;
  /** Average position, 1 = on top. */
  position: number;
}

export interface AnalyticsQuestion extends RangeQuestion {
  /** In the provider's words: `eventName`, `sessionDefaultChannelGroup`. */
  dimensions: string[];
  /** In the provider's words: `eventCount`, `totalRevenue`. */
  metrics: string[];
  /** Rows at the most. */
  limit: number;
}

export interface AnalyticsReport {
  metrics: { name: string; kind: 'count' | 'decimal' | 'money' | 'seconds' }[];
  /** Values in the order asked for; metrics as exact decimals. */
  rows: { dimensions: string[]; metrics: string[] }[];
  /** How many rows there are in all. */
  rowCount: number;
  /** ISO 4217 code of money in the report. */
  currency: string | null;
}

export interface PostsQuestion extends RangeQuestion {
  /** Posts at the most, the newest first. */
  limit: number;
}

export interface PostQuestion extends Question {
  postId: string;
}

export interface PostRow {
  externalId: string;
  text: string;
  /** ISO 8601. */
  createdAt: string;
  url: string;
  /** null where the provider does not tell (any more). */
  metrics: Record<
    'impressions' | 'likes' | 'reposts' | 'replies' | 'quotes' | 'bookmarks' | 'linkClicks' | 'profileClicks',
    number | null
  >;
}

export interface LocationRow {
  externalId: string;
  name: string;
  /** The operator's own code for it. */
  storeCode: string | null;
  address: string | null;
  phone: string | null;
  websiteUrl: string | null;
  mapsUrl: string | null;
  isOpen: boolean;
}

export interface LocationQuestion extends RangeQuestion {
  locationId: string;
}

/** What people did with a location's profile on one day. */
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

/** What a provider can be asked for; it has what it knows. */
export interface Readers {
  /** Every campaign with its sums over the range. Ended ones are in it as long as they did something on these days. */
  campaigns: Reader<RangeQuestion, CampaignRow[]>;
  /** What each campaign did on each day of the range; days on which one did nothing are left out. */
  campaignDays: Reader<RangeQuestion, CampaignDay[]>;
  searchQueries: Reader<SearchQuestion, SearchRow[]>;
  analytics: Reader<AnalyticsQuestion, AnalyticsReport>;
  /** The account's own posts. */
  posts: Reader<PostsQuestion, PostRow[]>;
  /** One post by id; null when there is none (any more). */
  postById: Reader<PostQuestion, PostRow | null>;
  /** The places of a business. */
  locations: Reader<Question, LocationRow[]>;
  /** Every day of the range. */
  locationDays: Reader<LocationQuestion, LocationDay[]>;
}

export type Product = keyof Readers;

/** What one product is asked. */
export type QuestionOf<Name extends Product> = Readers[Name] extends Reader<infer Asked, unknown> ? Asked : never;

/** What one product answers. */
export type FoundOf<Name extends Product> = Readers[Name] extends Reader<never, infer Found> ? Found : never;
