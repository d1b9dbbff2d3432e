import type {
  PostChangeResolvers,
  PostMetricsResolvers,
  PostRowResolvers,
  PostTotalResolvers,
} from '#integrations/resolver-types.js';
import type { FoundSums } from '#integrations/services/figures/grouped-statement.js';
import { quotient } from '#integrations/services/figures/metric-change.js';
import { engagements, type PostMetric, postColumns } from '#integrations/services/posts/post-question.js';
import { explainWith } from './explain.js';
import { change, changesOf, client, metricsOf, type ReadMetric, sumOf, sumOfAll } from './grouped-figures.js';

const engagementsOf = sumOfAll(engagements);

const rateOf: ReadMetric = (sums) =>
  quotient(engagementsOf(sums)?.toFixed() ?? null, sums[postColumns.impressions] ?? null);

const reads = {
  posts: sumOf('posts'),
  impressions: sumOf(postColumns.impressions),
  likes: sumOf(postColumns.likes),
  reposts: sumOf(postColumns.reposts),
  replies: sumOf(postColumns.replies),
  quotes: sumOf(postColumns.quotes),
  bookmarks: sumOf(postColumns.bookmarks),
  linkClicks: sumOf(postColumns.linkClicks),
  profileClicks: sumOf(postColumns.profileClicks),
  engagements: engagementsOf,
  engagementRate: rateOf,
};

export const PostMetrics: PostMetricsResolvers = metricsOf(reads);
export const PostChange: PostChangeResolvers = changesOf(reads);
const explain = explainWith<PostMetric, FoundSums>(reads);

export const PostTotal: PostTotalResolvers = { change, explain };
export const PostRow: PostRowResolvers = { change, client, explain };
