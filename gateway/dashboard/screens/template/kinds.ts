import type {
  AnalyticsDimension,
  AnalyticsMetric,
  PerformanceDimension,
  PerformanceMetric,
  PlaceDimension,
  PlaceMetric,
  PostDimension,
  PostMetric,
  ReportSectionInput,
  SearchDimension,
  SearchMetric,
} from '#gateway/client/generated/types.js';

export type Kind = ReportSectionInput['kind'];

/** What a kind of section can be grouped by, and its figures: words of its enums in the API. */
interface Words<Dimension, Metric> {
  dimensions: readonly Dimension[];
  metrics: readonly Metric[];
}

type NoWords = Words<never, never>;

interface WordsOfKinds extends Record<Kind, Words<string, string>> {
  PERFORMANCE: Words<PerformanceDimension, PerformanceMetric>;
  SEARCH_QUERIES: Words<SearchDimension, SearchMetric>;
  ANALYTICS: Words<AnalyticsDimension, AnalyticsMetric>;
  PLACES: Words<PlaceDimension, PlaceMetric>;
  POSTS: Words<PostDimension, PostMetric>;
  BUDGETS: NoWords;
  ACCOUNTS: NoWords;
  TEXT: NoWords;
}

const TIME = ['DAY', 'WEEK', 'MONTH'] as const;

export const kinds: Readonly<WordsOfKinds> = {
  PERFORMANCE: {
    dimensions: [
      'PROVIDER',
      'CLIENT',
      'ACCOUNT',
      'CAMPAIGN',
      'CAMPAIGN_TYPE',
      'OBJECTIVE',
      'STATUS',
      'DEVICE',
      'COUNTRY',
      'CURRENCY',
      ...TIME,
    ],
    metrics: ['IMPRESSIONS', 'CLICKS', 'COST', 'CONVERSIONS', 'CONVERSION_VALUE', 'CTR', 'CPC', 'CPM', 'CPA', 'ROAS'],
  },
  SEARCH_QUERIES: {
    dimensions: ['QUERY', 'PAGE', 'COUNTRY', 'DEVICE', 'ACCOUNT', 'CLIENT', ...TIME],
    metrics: ['CLICKS', 'IMPRESSIONS', 'CTR', 'POSITION'],
  },
  ANALYTICS: {
    dimensions: [
      'CHANNEL',
      'SOURCE_MEDIUM',
      'CAMPAIGN',
      'DEVICE',
      'COUNTRY',
      'LANDING_PAGE',
      'PAGE',
      'EVENT',
      'ACCOUNT',
      'CLIENT',
      'CURRENCY',
      ...TIME,
    ],
    metrics: [
      'SESSIONS',
      'ENGAGED_SESSIONS',
      'NEW_USERS',
      'VIEWS',
      'EVENTS',
      'KEY_EVENTS',
      'TRANSACTIONS',
      'REVENUE',
      'ENGAGEMENT_RATE',
      'AVERAGE_SESSION_DURATION',
      'KEY_EVENT_RATE',
    ],
  },
  PLACES: {
    dimensions: ['PLACE', 'ACCOUNT', 'CLIENT', ...TIME],
    metrics: [
      'SEARCH_IMPRESSIONS',
      'MAPS_IMPRESSIONS',
      'WEBSITE_CLICKS',
      'CALL_CLICKS',
      'DIRECTION_REQUESTS',
      'CONVERSATIONS',
      'BOOKINGS',
      'INTERACTIONS',
    ],
  },
  POSTS: {
    dimensions: ['POST', 'ACCOUNT', 'CLIENT', ...TIME],
    metrics: [
      'POSTS',
      'IMPRESSIONS',
      'LIKES',
      'REPOSTS',
      'REPLIES',
      'QUOTES',
      'BOOKMARKS',
      'LINK_CLICKS',
      'PROFILE_CLICKS',
      'ENGAGEMENTS',
      'ENGAGEMENT_RATE',
    ],
  },
  BUDGETS: { dimensions: [], metrics: [] },
  ACCOUNTS: { dimensions: [], metrics: [] },
  TEXT: { dimensions: [], metrics: [] },
};

/** Returns the key of a column in a report, as charts name it: `CONVERSION_VALUE` → `conversion_value`. */
export const columnOf = (word: string): string => word.toLowerCase();

/** Returns the name of a figure in the page's texts: `CONVERSION_VALUE` → `conversionValue`. */
export const measureOf = (word: string): string =>
  word.toLowerCase().replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
