import { z } from 'zod';
import { accountId, page, period } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:connections', 'read:analytics'] as const;

const dimensions = ['query', 'page', 'country', 'device', 'date'] as const;

const words = (what: string, max: number) =>
  z
    .array(z.string().regex(/^[\w:.-]{1,100}$/, 'must be a name of the Google Analytics Data API'))
    .max(max)
    .describe(what);

/** Tools about figures that belong to no campaign. */
export const analyticsTools = [
  defineTool({
    name: 'get_search_queries',
    title: 'Search results of a site',
    description:
      'What people searched for on Google before they saw or opened a site (Search Console): clicks, impressions, ctr and position by query, page, country, device or day. Rows by query do not add up to totals.',
    scopes,
    input: z.strictObject({
      accountId,
      ...period,
      dimensions: z
        .array(z.enum(dimensions))
        .max(dimensions.length)
        .default(['query'])
        .describe('What a row is about.'),
      includeIncompleteDays: z.boolean().default(false).describe('Also days whose figures still grow.'),
      ...page,
    }),
    operation: 'ListSearchQueries',
    answer: 'account.searchQueries',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account, dimensions: by, includeIncompleteDays, limit, after }) => ({
      accountId: account,
      dimensions: by.map((each) => each.toUpperCase()),
      dataState: includeIncompleteDays ? 'ALL' : 'FINAL',
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
  defineTool({
    name: 'list_posts',
    title: 'Posts',
    description: 'What an account at X posted in a period, the newest first, with the engagement of each post.',
    scopes,
    input: z.strictObject({ accountId, ...period, ...page }),
    operation: 'ListPosts',
    answer: 'account.posts',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account, limit, after }) => ({ accountId: account, first: limit, after }),
  }),
  defineTool({
    name: 'get_local_insights',
    title: 'Places of a business',
    description:
      'The places of a Google Business Profile account, by name, with how often each was seen, called, visited on the web or navigated to in a period.',
    scopes,
    input: z.strictObject({ accountId, ...period, ...page }),
    operation: 'SummarizeLocations',
    answer: 'account.locations',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account, limit, after }) => ({ accountId: account, first: limit, after }),
  }),
];
