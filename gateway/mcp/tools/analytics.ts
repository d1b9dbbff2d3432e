import { z } from 'zod';
import { accountIds, page, period } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:connections', 'read:analytics'] as const;

const searchDimensions = ['query', 'page', 'country', 'device', 'account', 'client', 'day', 'week', 'month'] as const;
const analyticsDimensions = [
  'channel',
  'source_medium',
  'campaign',
  'device',
  'country',
  'landing_page',
  'page',
  'event',
  'account',
  'client',
  'currency',
  'day',
  'week',
  'month',
] as const;
const searchMetrics = ['clicks', 'impressions', 'ctr', 'position'] as const;

const words = (what: string, max: number) =>
  z
    .array(z.string().regex(/^[\w:.-]{1,100}$/, 'must be a name of the Google Analytics Data API'))
    .max(max)
    .describe(what);

const text = (what: string) => z.string().min(1).max(200).describe(what).optional();

const compareWith = z
  .enum(['previous_period', 'previous_year'])
  .describe('The earlier period to compare with; none when left out.')
  .optional();

/** Tools about figures that belong to no campaign. */
export const analyticsTools = [
  defineTool({
    name: 'get_search_queries',
    title: 'Search results of sites',
    description:
      'What people searched for on Google before they saw or opened the sites (Search Console), of all sites or some: clicks, impressions, ctr and position by query, page, country, device, site, client or time, with their change. Rows by query do not add up to totals; sources say which days are final.',
    scopes,
    input: z.strictObject({
      accountIds,
      ...period,
      dimensions: z.array(z.enum(searchDimensions)).max(3).default(['query']).describe('What a row is about.'),
      compareWith,
      queryContains: text('Only queries that contain this.'),
      pageContains: text('Only pages whose address contains this.'),
      orderBy: z.enum(searchMetrics).default('clicks').describe('What is the largest first; position: the best first.'),
      orderByChange: z.boolean().default(false).describe('By the change instead; needs compareWith.'),
      ...page,
    }),
    operation: 'ListSearchQueries',
    answer: 'organization.searchQueries',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ limit, after, ...given }) => ({
      groupBy: given.dimensions.map((each) => each.toUpperCase()),
      filter: {
        accountIds: given.accountIds,
        queryContains: given.queryContains,
        pageContains: given.pageContains,
      },
      compareTo: given.compareWith?.toUpperCase(),
      orderBy: {
        metric: given.orderBy.toUpperCase(),
        value: given.orderByChange ? 'CHANGE' : 'CURRENT',
        direction: given.orderBy === 'position' ? 'ASC' : 'DESC',
      },
      first: limit,
      after,
    }),
  }),
  defineTool({
    name: 'get_web_events',
    title: 'Events of websites and apps',
    description:
      'The events of Google Analytics properties, of all or some, with counts, key events and revenue, the most sessions first.',
    scopes,
    input: z.strictObject({ accountIds, ...period, compareWith, ...page }),
    operation: 'ReadAnalytics',
    answer: 'organization.analytics',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountIds: of, compareWith: earlier, limit, after }) => ({
      groupBy: ['EVENT'],
      filter: { accountIds: of },
      compareTo: earlier?.toUpperCase(),
      first: limit,
      after,
    }),
  }),
  defineTool({
    name: 'run_web_analytics_report',
    title: 'Report on websites and apps',
    description:
      'Figures of Google Analytics properties, of all or some, grouped and compared: sessions, events, key events, revenue and others. Further dimensions and metrics by their names in the Google Analytics Data API; users only as a further metric (totalUsers), of one property at a time: they do not add up.',
    scopes,
    input: z.strictObject({
      accountIds,
      ...period,
      groupBy: z.array(z.enum(analyticsDimensions)).max(3).default([]).describe('What a row is about.'),
      dimensions: words("Up to 5 further ones, in Google's words: city, pageTitle.", 5).default([]),
      metrics: words("Up to 10 further ones, in Google's words: totalUsers.", 10).default([]),
      compareWith,
      ...page,
    }),
    operation: 'ReadAnalytics',
    answer: 'organization.analytics',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountIds: of, groupBy, dimensions, metrics, compareWith: earlier, limit, after }) => ({
      filter: { accountIds: of },
      groupBy: groupBy.map((each) => each.toUpperCase()),
      dimensions,
      metrics,
      compareTo: earlier?.toUpperCase(),
      first: limit,
      after,
    }),
  }),
];
