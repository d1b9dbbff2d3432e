import type { PostRow } from '#integrations/providers/products.js';
import { metricSql, reportedSum, type Side } from '#integrations/services/figures/metric-sql.js';

/** What posts are grouped by. */
export type PostDimension = 'POST' | 'ACCOUNT' | 'CLIENT' | 'DAY' | 'WEEK' | 'MONTH';

export type PostMetric =
  | 'POSTS'
  | 'IMPRESSIONS'
  | 'LIKES'
  | 'REPOSTS'
  | 'REPLIES'
  | 'QUOTES'
  | 'BOOKMARKS'
  | 'LINK_CLICKS'
  | 'PROFILE_CLICKS'
  | 'ENGAGEMENTS'
  | 'ENGAGEMENT_RATE';

/** The columns of figures, of tables and of statements, with the names of the API. */
export const postColumns = {
  impressions: 'impressions',
  likes: 'likes',
  reposts: 'reposts',
  replies: 'replies',
  quotes: 'quotes',
  bookmarks: 'bookmarks',
  linkClicks: 'link_clicks',
  profileClicks: 'profile_clicks',
} as const satisfies Record<keyof PostRow['metrics'], string>;

/** The columns that X reports for 30 days only: later they are those that were last read. */
export const retainedColumns: readonly string[] = [postColumns.linkClicks, postColumns.profileClicks];

/** What everyone can see of a post: clicks are reported for 30 days only, and would change the rate after them. */
export const engagements = ['likes', 'reposts', 'replies', 'quotes', 'bookmarks'] as const;

const engagementsOf = (side: Side) => `(${engagements.map((name) => `${side}_${name}`).join(' + ')})`;

/** The metrics of posts over sums. */
export const postMetrics = metricSql<PostMetric>({
  POSTS: (side) => `${side}_posts`,
  IMPRESSIONS: (side) => `${side}_impressions`,
  LIKES: (side) => `${side}_likes`,
  REPOSTS: (side) => `${side}_reposts`,
  REPLIES: (side) => `${side}_replies`,
  QUOTES: (side) => `${side}_quotes`,
  BOOKMARKS: (side) => `${side}_bookmarks`,
  LINK_CLICKS: (side) => `${side}_link_clicks`,
  PROFILE_CLICKS: (side) => `${side}_profile_clicks`,
  ENGAGEMENTS: engagementsOf,
  ENGAGEMENT_RATE: (side) => `${engagementsOf(side)} / nullif(${side}_impressions, 0)`,
});

/** The sums of a row: null where posts report none, and zero without posts. */
export const postSums = {
  posts: (rows: string) => `count(*) FILTER (WHERE ${rows})::numeric`,
  ...Object.fromEntries(
    Object.values(postColumns).map((column) => [column, (rows: string) => reportedSum(`fact.${column}`, rows)]),
  ),
};
