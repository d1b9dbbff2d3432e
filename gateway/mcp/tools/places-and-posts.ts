import { z } from 'zod';
import { accountIds, clientId, page, period } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:connections', 'read:analytics'] as const;

const MAX_DIMENSIONS = 3;

const upper = (word: string) => word.toUpperCase();

const dimensions = (names: readonly string[]) =>
  z
    .array(z.enum(names))
    .max(MAX_DIMENSIONS)
    .describe('What a row is about: up to three, one of them a unit of time. Nothing = one row.');

const metric = (names: readonly string[]) => z.enum(names).describe('The figure with the largest first.').optional();

const compareWith = z
  .enum(['previous_period', 'previous_year'])
  .describe('The earlier days to compare with; not post by post.')
  .optional();

const common = { accountIds, clientId, ...period };

interface GroupedInput {
  accountIds?: string[] | undefined;
  clientId?: string | undefined;
  groupBy?: string[] | undefined;
  compareWith?: string | undefined;
  orderBy?: string | undefined;
  limit: number;
  after?: string | undefined;
}

const groupedVariables = (input: GroupedInput) => ({
  filter: { accountIds: input.accountIds, clientIds: input.clientId && [input.clientId] },
  groupBy: input.groupBy?.map(upper),
  compareTo: input.compareWith && upper(input.compareWith),
  orderBy: input.orderBy && { metric: upper(input.orderBy) },
  first: input.limit,
  after: input.after,
});

/** Tools about places and posts. */
export const placeAndPostTools = [
  defineTool({
    name: 'list_posts',
    title: 'Posts',
    description:
      'What was posted at X in a period with the engagement to date: single posts, the newest first, or ordered by a figure; or sums, for example by account and month, compared with an earlier period.',
    scopes,
    input: z.strictObject({
      ...common,
      groupBy: dimensions(['post', 'account', 'client', 'day', 'week', 'month']).default(['post']),
      compareWith,
      orderBy: metric(['impressions', 'likes', 'engagements', 'engagement_rate', 'link_clicks']),
      ...page,
    }),
    operation: 'ListPosts',
    answer: 'organization.posts',
    rows: 'data',
    hasPeriod: 'native',
    asksProviders: true,
    variables: groupedVariables,
  }),
  defineTool({
    name: 'get_local_insights',
    title: 'Places of a business',
    description:
      'How often the places of Google Business Profile accounts were seen, called, visited on the web or navigated to in a period: place by place, or sums, for example by account and month, compared with an earlier period.',
    scopes,
    input: z.strictObject({
      ...common,
      groupBy: dimensions(['place', 'account', 'client', 'day', 'week', 'month']).default(['place']),
      compareWith,
      orderBy: metric(['search_impressions', 'maps_impressions', 'interactions', 'call_clicks', 'direction_requests']),
      ...page,
    }),
    operation: 'ListPlaces',
    answer: 'organization.places',
    rows: 'data',
    hasPeriod: 'native',
    asksProviders: true,
    variables: groupedVariables,
  }),
];
