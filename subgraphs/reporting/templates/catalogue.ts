import type { ColumnKind, FigureKind } from '#reporting/dataset/dataset.js';

/** A column that is read from a row of an answer. */
export interface Field {
  key: string;
  kind: ColumnKind;
  /** Where it is in the row: `account.name`. */
  path: string;
}

/** What a figure is: its column's kind, and whether it may be summed. */
export interface Metric {
  kind: ColumnKind;
  isSummable: boolean;
}

/** What sections of a kind ask, and what they may ask for, in the words of the graph. */
export interface SectionCatalogue {
  /** The trusted operation. */
  operation: string;
  /** The field of the organization that answers it. */
  answer: string;
  /** Its filter in the API; null where it takes other arguments. */
  filterInput: string | null;
  /** By value of the enum it is grouped by: the columns of its rows. */
  dimensions: Readonly<Record<string, Field[]>>;
  /** By value of the enum of its figures. */
  metrics: Readonly<Record<string, Metric>>;
  /** Columns that every row has before its figures. */
  fields: Field[];
  groupBy: string[];
  /** Whether it can be compared with other days. */
  isComparable: boolean;
}

const text = (key: string, path = key): Field => ({ key, kind: 'TEXT', path });
const id = (key: string, path: string): Field => ({ key, kind: 'ID', path });
const date = (key: string, path = key): Field => ({ key, kind: 'DATE', path });

const COUNT: Metric = { kind: 'INTEGER', isSummable: true };
const FRACTION: Metric = { kind: 'DECIMAL', isSummable: true };
const MONEY: Metric = { kind: 'MONEY', isSummable: true };
const PRICE: Metric = { kind: 'MONEY', isSummable: false };
const RATE: Metric = { kind: 'PERCENT', isSummable: false };
const AVERAGE: Metric = { kind: 'DECIMAL', isSummable: false };

const CURRENCY = id('currency', 'currency');
const ACCOUNT = [text('account', 'account.name'), id('account_id', 'account.id')];
const CLIENT = [text('client', 'client.name'), id('client_id', 'client.id')];
const TIME = { DAY: [date('day')], WEEK: [date('week')], MONTH: [date('month')] };
const DEVICE = [text('device')];
const COUNTRY = [id('country', 'country')];

/** What sections of each kind ask the graph. */
export const catalogues: Readonly<Record<FigureKind, SectionCatalogue>> = {
  PERFORMANCE: {
    operation: 'GetPerformance',
    answer: 'performance',
    filterInput: 'PerformanceFilterInput',
    dimensions: {
      PROVIDER: [text('provider', 'provider.name'), id('provider_id', 'provider.id')],
      CLIENT,
      ACCOUNT,
      CAMPAIGN: [...ACCOUNT, text('campaign', 'campaign.name'), id('campaign_id', 'campaign.id')],
      CAMPAIGN_TYPE: [text('campaign_type', 'campaignType')],
      OBJECTIVE: [text('objective')],
      STATUS: [text('status')],
      DEVICE,
      COUNTRY,
      ...TIME,
      CURRENCY: [],
    },
    metrics: {
      IMPRESSIONS: COUNT,
      CLICKS: COUNT,
      COST: MONEY,
      CONVERSIONS: FRACTION,
      CONVERSION_VALUE: MONEY,
      CTR: RATE,
      CPC: PRICE,
      CPM: PRICE,
      CPA: PRICE,
      ROAS: AVERAGE,
    },
    fields: [CURRENCY],
    groupBy: [],
    isComparable: true,
  },
  SEARCH_QUERIES: {
    operation: 'ListSearchQueries',
    answer: 'searchQueries',
    filterInput: 'SearchFilterInput',
    dimensions: {
      QUERY: [text('query')],
      PAGE: [text('page')],
      COUNTRY,
      DEVICE,
      ACCOUNT,
      CLIENT,
      ...TIME,
    },
    metrics: { CLICKS: COUNT, IMPRESSIONS: COUNT, CTR: RATE, POSITION: AVERAGE },
    fields: [],
    groupBy: ['QUERY'],
    isComparable: true,
  },
  ANALYTICS: {
    operation: 'ReadAnalytics',
    answer: 'analytics',
    filterInput: 'AnalyticsFilterInput',
    dimensions: {
      CHANNEL: [text('channel')],
      SOURCE_MEDIUM: [text('source_medium', 'sourceMedium')],
      CAMPAIGN: [text('campaign')],
      DEVICE,
      COUNTRY,
      LANDING_PAGE: [text('landing_page', 'landingPage')],
      PAGE: [text('page')],
      EVENT: [text('event')],
      ACCOUNT,
      CLIENT,
      CURRENCY: [],
      ...TIME,
    },
    metrics: {
      SESSIONS: COUNT,
      ENGAGED_SESSIONS: COUNT,
      NEW_USERS: COUNT,
      VIEWS: COUNT,
      EVENTS: COUNT,
      KEY_EVENTS: FRACTION,
      TRANSACTIONS: FRACTION,
      REVENUE: MONEY,
      ENGAGEMENT_RATE: RATE,
      AVERAGE_SESSION_DURATION: AVERAGE,
      KEY_EVENT_RATE: RATE,
    },
    fields: [CURRENCY],
    groupBy: [],
    isComparable: true,
  },
  PLACES: {
    operation: 'ListPlaces',
    answer: 'places',
    filterInput: 'PlaceFilterInput',
    dimensions: {
      PLACE: [
        text('place', 'place.name'),
        id('place_id', 'place.externalId'),
        text('address', 'place.address'),
        ...ACCOUNT,
      ],
      ACCOUNT,
      CLIENT,
      ...TIME,
    },
    metrics: {
      SEARCH_IMPRESSIONS: COUNT,
      MAPS_IMPRESSIONS: COUNT,
      WEBSITE_CLICKS: COUNT,
      CALL_CLICKS: COUNT,
      DIRECTION_REQUESTS: COUNT,
      CONVERSATIONS: COUNT,
      BOOKINGS: COUNT,
      INTERACTIONS: COUNT,
    },
    fields: [],
    groupBy: ['PLACE'],
    isComparable: true,
  },
  POSTS: {
    operation: 'ListPosts',
    answer: 'posts',
    filterInput: 'PostFilterInput',
    dimensions: {
      POST: [
        text('post', 'post.text'),
        id('post_id', 'post.externalId'),
        text('posted_at', 'post.createdAt'),
        text('url', 'post.url'),
        ...ACCOUNT,
      ],
      ACCOUNT,
      CLIENT,
      ...TIME,
    },
    metrics: {
      POSTS: COUNT,
      IMPRESSIONS: COUNT,
      LIKES: COUNT,
      REPOSTS: COUNT,
      REPLIES: COUNT,
      QUOTES: COUNT,
      BOOKMARKS: COUNT,
      LINK_CLICKS: COUNT,
      PROFILE_CLICKS: COUNT,
      ENGAGEMENTS: COUNT,
      ENGAGEMENT_RATE: RATE,
    },
    fields: [],
    groupBy: ['POST'],
    isComparable: true,
  },
  BUDGETS: {
    operation: 'ListBudgets',
    answer: 'budgets',
    filterInput: 'BudgetFilterInput',
    dimensions: {},
    metrics: {
      AMOUNT: MONEY,
      SPENT: MONEY,
      SPENT_THROUGH: MONEY,
      EXPECTED: MONEY,
      PACE: RATE,
      FORECAST: MONEY,
      FORECAST_LOW: PRICE,
      FORECAST_HIGH: PRICE,
      DAYS_LEFT: { kind: 'INTEGER', isSummable: false },
    },
    fields: [text('target'), id('target_id', 'targetId'), date('month'), date('through'), CURRENCY],
    groupBy: [],
    isComparable: false,
  },
  ACCOUNTS: {
    operation: 'ListAccounts',
    answer: 'accounts',
    filterInput: null,
    dimensions: {},
    metrics: {},
    fields: [
      text('provider', 'provider.name'),
      id('provider_id', 'provider.id'),
      ...ACCOUNT,
      text('status'),
      id('currency', 'currency'),
      text('time_zone', 'timeZone'),
      text('fault', 'fault.message'),
    ],
    groupBy: [],
    isComparable: false,
  },
};

/** Returns the name of a figure in an answer: `CONVERSION_VALUE` → `conversionValue`. */
export const fieldOf = (word: string): string =>
  word.toLowerCase().replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());

/** Returns the key of a figure's column: `CONVERSION_VALUE` → `conversion_value`. */
export const keyOf = (word: string): string => word.toLowerCase();

const timeUnits: ReadonlySet<string> = new Set(Object.keys(TIME));

/** Whether a dimension is a unit of time. */
export const isTimeUnit = (dimension: string): boolean => timeUnits.has(dimension);
