import type { AnalyticsDimension } from '#dashboard/graph/generated/graphql.ts';

/** What the rows can be grouped by. */
export const dimensions = [
  'CHANNEL',
  'SOURCE_MEDIUM',
  'CAMPAIGN',
  'LANDING_PAGE',
  'PAGE',
  'EVENT',
  'DEVICE',
  'COUNTRY',
  'ACCOUNT',
] as const satisfies AnalyticsDimension[];
export type Dimension = (typeof dimensions)[number];
