import { z } from 'zod';
import { accountIds, clientId, page, period, providers } from './arguments.js';
import { defineTool } from './tool.js';

const dimensions = [
  'provider',
  'client',
  'account',
  'campaign',
  'campaign_type',
  'objective',
  'status',
  'device',
  'country',
  'day',
  'week',
  'month',
  'currency',
] as const;

const metrics = [
  'impressions',
  'clicks',
  'cost',
  'conversions',
  'conversion_value',
  'ctr',
  'cpc',
  'cpm',
  'cpa',
  'roas',
] as const;

const comparisons = ['previous_period', 'previous_year'] as const;

const MAX_DIMENSIONS = 3;

const upper = (word: string) => word.toUpperCase();

const groupBy = z
  .array(z.enum(dimensions))
  .max(MAX_DIMENSIONS)
  .describe(
    'What a row is about: up to three, one of them a unit of time, and device or country. Nothing = one row per currency.',
  );

const compareWith = z
  .enum(comparisons)
  .describe(
    'The earlier days: the period before, as long as the current one has lasted, or the same days a year before.',
  );

const common = {
  ...period,
  providers,
  accountIds,
  clientId,
  orderBy: z
    .enum(metrics)
    .describe('The largest first; by time or impressions when left out. Amounts only within one currency.')
    .optional(),
  ...page,
};

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217 code: all amounts are converted into it with daily reference rates. Left out = each in its own.')
  .optional();

type Filter = { providers?: string[]; accountIds?: string[]; clientId?: string };

const filterOf = ({ clientId: client, ...filter }: Filter) => ({ ...filter, clientIds: client && [client] });

interface Rows extends Filter {
  groupBy?: string[];
  compareWith?: string;
  limit?: number;
  after?: string;
}

/** Returns the variables of tools that answer rows. */
const variablesOfRows = ({
  groupBy: by,
  compareWith: earlier,
  limit,
  after,
  providers: at,
  accountIds: of,
  clientId: client,
}: Rows) => ({
  groupBy: by?.map(upper),
  compareTo: earlier && upper(earlier),
  filter: filterOf({ providers: at, accountIds: of, clientId: client }),
  first: limit,
  after,
});

/** Tools about what advertising achieved and cost in all accounts together. */
export const performanceTools = [
  defineTool({
    name: 'get_performance',
    title: 'Performance of advertising',
    description:
      'What advertising of all accounts achieved and cost over a period, grouped: impressions, clicks, cost, conversions, their value, ctr, cpc, cpm, cpa and roas, with totals per currency. Ratios are of sums. sources says for each account whether its figures are complete, not final, stale or missing. Amounts in different currencies must not be added up: currency converts them.',
    scopes: ['read:campaigns'],
    input: z.strictObject({
      ...common,
      currency,
      groupBy: groupBy.default(['provider']),
      compareWith: compareWith.optional(),
    }),
    operation: 'GetPerformance',
    answer: 'organization.performance',
    rows: 'data',
    hasPeriod: 'native',
    asksProviders: true,
    variables: ({ orderBy, currency: into, ...rows }) => ({
      ...variablesOfRows(rows),
      orderBy: orderBy && { metric: upper(orderBy) },
      currency: into,
    }),
  }),
  defineTool({
    name: 'compare_periods',
    title: 'Two periods compared',
    description:
      'What changed: the figures of a period by campaign, provider, client or account beside those of an earlier period, with the differences (absolute and in percent), the largest change first, and totals per currency. orderBy chooses the figure whose change counts.',
    scopes: ['read:campaigns'],
    input: z.strictObject({
      ...common,
      groupBy: groupBy.default(['campaign']),
      compareWith: compareWith.default('previous_period'),
      decreasesFirst: z.boolean().default(false).describe('The largest decrease first.'),
    }),
    operation: 'GetPerformance',
    answer: 'organization.performance',
    rows: 'data',
    hasPeriod: 'native',
    asksProviders: true,
    variables: ({ orderBy = 'impressions', decreasesFirst, ...rows }) => ({
      ...variablesOfRows(rows),
      orderBy: { metric: upper(orderBy), value: 'CHANGE', direction: decreasesFirst ? 'ASC' : 'DESC' },
    }),
  }),
  defineTool({
    name: 'explain_performance',
    title: 'Why a figure differs',
    description:
      "Why a figure of advertising may differ from the provider's own screen or from another report: time zone, currency and rates, attribution and what counts as a conversion, days that are not final, filters, missing accounts, and the address of the screen; with the quantities that account for the difference, for the totals per currency. Narrow it to one account or provider for an answer about one screen.",
    scopes: ['read:campaigns'],
    input: z.strictObject({
      ...period,
      providers,
      accountIds,
      clientId,
      metric: z.enum(metrics).default('cost').describe('The figure in question.'),
      currency,
    }),
    operation: 'ExplainPerformance',
    answer: 'organization.performance',
    hasPeriod: 'native',
    asksProviders: true,
    variables: ({ metric, currency: into, providers: at, accountIds: of, clientId: client }) => ({
      metric: metric && upper(metric),
      currency: into,
      filter: filterOf({ providers: at, accountIds: of, clientId: client }),
    }),
  }),
];
