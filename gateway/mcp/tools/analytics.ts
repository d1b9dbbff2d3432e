import { z } from 'zod';
import { accountId, accountIds, page, period } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:connections', 'read:analytics'] as const;

const searchDimensions = ['query', 'page', 'country', 'device', 'account', 'client', 'day', 'week', 'month'] as const;
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
    title: 'Events of a website or app',
    description: 'The events of a Google Analytics property with counts, users and revenue, the most frequent first.',
    scopes,
    input: z.strictObject({ accountId, ...period, ...page }),
    operation: 'ListAnalyticsEvents',
    answer: 'account.events',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account, limit, after }) => ({ accountId: account, first: limit, after }),
  }),
  defineTool({
    name: 'run_web_analytics_report',
    title: 'Report on a website or app',
    description:
      'Figures of a Google Analytics property by dimensions and metrics of the Google Analytics Data API, for example dimensions ["sessionDefaultChannelGroup"] and metrics ["sessions", "totalRevenue"].',
    scopes,
    input: z.strictObject({
      accountId,
      ...period,
      dimensions: words("Up to 9, in Google's words: date, sessionDefaultChannelGroup, country.", 9).default([]),
      metrics: words("1 to 10, in Google's words: sessions, totalUsers, totalRevenue.", 10).min(1),
      ...page,
    }),
    operation: 'RunAnalyticsReport',
    answer: 'account.analyticsReport',
    rows: 'rows',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account, dimensions: by, metrics, limit, after }) => ({
      accountId: account,
      dimensions: by,
      metrics,
      first: limit,
      after,
    }),
  }),
];
