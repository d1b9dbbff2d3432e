import { type Definition, defineSections } from './definition.js';

/** A template that every organization has. */
export interface BuiltInTemplate {
  /** Stable and readable. */
  id: string;
  name: string;
  description: string;
  /** Counts changes of its definition. */
  version: number;
  definition: Definition;
}

/** The templates that every organization has, in their order. */
export const builtInTemplates: BuiltInTemplate[] = [
  {
    id: 'performance-overview',
    name: 'Performance overview',
    description: 'What advertising achieved and cost: by day, by channel, and the largest campaigns.',
    version: 1,
    definition: defineSections([
      {
        kind: 'PERFORMANCE',
        groupBy: ['DAY'],
        charts: [
          { type: 'LINE', value: 'cost', by: 'day' },
          { type: 'LINE', value: 'clicks', by: 'day' },
        ],
        table: false,
      },
      {
        kind: 'PERFORMANCE',
        groupBy: ['PROVIDER'],
        tiles: false,
        charts: [
          { type: 'DONUT', value: 'cost', by: 'provider' },
          { type: 'BAR', value: 'conversions', by: 'provider' },
        ],
      },
      {
        kind: 'PERFORMANCE',
        groupBy: ['PROVIDER', 'CAMPAIGN'],
        metrics: ['IMPRESSIONS', 'CLICKS', 'COST', 'CONVERSIONS', 'CTR', 'CPC', 'CPA', 'ROAS'],
        limit: 25,
        tiles: false,
      },
    ]),
  },
  {
    id: 'campaign-performance',
    name: 'Campaigns by channel',
    description: 'What every channel and every campaign did and cost, one row per campaign.',
    version: 1,
    definition: defineSections([
      {
        kind: 'PERFORMANCE',
        groupBy: ['PROVIDER'],
        charts: [{ type: 'BAR', value: 'cost', by: 'provider' }],
      },
      { kind: 'PERFORMANCE', groupBy: ['PROVIDER', 'CAMPAIGN', 'STATUS'], tiles: false },
    ]),
  },
  {
    id: 'search-queries',
    name: 'Search queries',
    description: 'What people searched for before they saw or opened the sites: by day, by query and by page.',
    version: 1,
    definition: defineSections([
      {
        kind: 'SEARCH_QUERIES',
        groupBy: ['DAY'],
        charts: [
          { type: 'LINE', value: 'clicks', by: 'day' },
          { type: 'LINE', value: 'position', by: 'day' },
        ],
        table: false,
      },
      { kind: 'SEARCH_QUERIES', groupBy: ['QUERY'], limit: 1_000, tiles: false },
      { kind: 'SEARCH_QUERIES', groupBy: ['PAGE'], limit: 100, tiles: false },
    ]),
  },
  {
    id: 'web-analytics',
    name: 'Web analytics',
    description: 'What visitors of websites and apps did: by day, by channel and by the page they came to.',
    version: 1,
    definition: defineSections([
      {
        kind: 'ANALYTICS',
        groupBy: ['DAY'],
        charts: [{ type: 'LINE', value: 'sessions', by: 'day' }],
        table: false,
      },
      {
        kind: 'ANALYTICS',
        groupBy: ['CHANNEL'],
        charts: [{ type: 'DONUT', value: 'sessions', by: 'channel' }],
        tiles: false,
      },
      { kind: 'ANALYTICS', groupBy: ['LANDING_PAGE'], limit: 100, tiles: false },
    ]),
  },
  {
    id: 'local-presence',
    name: 'Local presence',
    description: 'How often places were seen, opened, called and navigated to: by day and by place.',
    version: 1,
    definition: defineSections([
      {
        kind: 'PLACES',
        groupBy: ['DAY'],
        charts: [{ type: 'LINE', value: 'interactions', by: 'day' }],
        table: false,
      },
      {
        kind: 'PLACES',
        groupBy: ['PLACE'],
        charts: [{ type: 'BAR', value: 'interactions', by: 'place' }],
        tiles: false,
      },
    ]),
  },
  {
    id: 'posts',
    name: 'Posts',
    description: 'What was posted, and how people engaged with it: by day and by post.',
    version: 1,
    definition: defineSections([
      {
        kind: 'POSTS',
        groupBy: ['DAY'],
        charts: [{ type: 'BAR', value: 'engagements', by: 'day' }],
        table: false,
      },
      { kind: 'POSTS', groupBy: ['POST'], orderBy: { metric: 'ENGAGEMENTS' }, isCompared: false, tiles: false },
    ]),
  },
  {
    id: 'budget-and-pace',
    name: 'Budget and pace',
    description: 'How much may be spent in each month, how much was, and where the month will end.',
    version: 1,
    definition: defineSections([
      { kind: 'BUDGETS' },
      {
        kind: 'PERFORMANCE',
        groupBy: ['DAY'],
        metrics: ['COST'],
        charts: [{ type: 'LINE', value: 'cost', by: 'day' }],
      },
    ]),
  },
  {
    id: 'account-summary',
    name: 'Account summary',
    description:
      'What all campaigns of an account did and cost together, one row per account, and the state of every account.',
    version: 1,
    definition: defineSections([
      {
        kind: 'PERFORMANCE',
        groupBy: ['PROVIDER', 'ACCOUNT'],
        charts: [{ type: 'BAR', value: 'cost', by: 'account' }],
      },
      { kind: 'ACCOUNTS', tiles: false },
    ]),
  },
];
