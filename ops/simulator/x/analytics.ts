import { figuresOfPost, type PostFigures } from '#simulator/data/x-post-figures.js';
import { findXPost, type XPost } from '#simulator/data/x-posts.js';
import type { Call } from './call.js';
import { ID, Parameters } from './parameters.js';
import { bodyOf } from './posts/answer-posts.js';
import { notFound, resourceRefused } from './problem.js';

const HOUR_MS = 3_600_000;
const STEPS: Record<string, number> = {
  hourly: HOUR_MS,
  daily: 24 * HOUR_MS,
  weekly: 7 * 24 * HOUR_MS,
  total: Infinity,
};

// By wire name; figures no simulated post has are 0.
const METRICS: Record<string, (figures: PostFigures) => number> = {
  app_install_attempts: () => 0,
  app_opens: () => 0,
  bookmarks: (figures) => figures.bookmarks,
  detail_expands: (figures) => figures.detailExpands,
  email_tweet: () => 0,
  engagements: (figures) => figures.engagements,
  follows: (figures) => figures.follows,
  hashtag_clicks: () => 0,
  impressions: (figures) => figures.impressions,
  likes: (figures) => figures.likes,
  link_clicks: (figures) => figures.linkClicks,
  media_engagements: () => 0,
  media_views: () => 0,
  permalink_clicks: () => 0,
  profile_visits: (figures) => figures.profileClicks,
  quote_tweets: (figures) => figures.quotes,
  replies: (figures) => figures.replies,
  retweets: (figures) => figures.reposts,
  url_clicks: (figures) => figures.linkClicks,
  user_profile_clicks: (figures) => figures.profileClicks,
};
const STRUCTURE = ['id', 'timestamp', 'timestamped_metrics', 'metrics'];

/** Answers GET /2/tweets/analytics for the caller's own posts, per period or in total. */
export function answerAnalytics({ request, world, caller }: Call): Record<string, unknown> {
  const known = ['ids', 'start_time', 'end_time', 'granularity', 'analytics.fields'];
  const parameters = new Parameters(request.query, known);
  const ids = parameters.many('ids', ID);
  parameters.required('start_time');
  parameters.required('end_time');
  const start = parameters.time('start_time') ?? 0;
  const end = parameters.time('end_time') ?? 0;
  if (start >= end) parameters.refuse('start_time', `Invalid 'start_time'. 'start_time' must be before 'end_time'.`);
  const granularity = parameters.oneOf('granularity', Object.keys(STEPS));
  const fields = parameters.list('analytics.fields', [...STRUCTURE, ...Object.keys(METRICS)]);
  parameters.check();
  const names = Object.keys(METRICS).filter((name) => fields.length === 0 || fields.includes(name));
  const now = world.clock.nowMs();
  const data: Record<string, unknown>[] = [];
  const errors: unknown[] = [];
  for (const value of ids) {
    const post = findXPost(value, now);
    const requested = { parameter: 'ids', value, type: 'tweet' } as const;
    if (!post) errors.push(notFound(requested));
    else if (post.authorId !== caller.user.id) errors.push(resourceRefused(requested));
    else data.push(printAnalytics(post, names, { start, end: Math.min(end, now) }, granularity));
  }
  return bodyOf({ data, errors });
}

function printAnalytics(
  post: XPost,
  names: readonly string[],
  { start, end }: { start: number; end: number },
  granularity: string,
): Record<string, unknown> {
  if (granularity === 'total') return { id: post.id, metrics: metricsBetween(post, names, start, end) };
  const step = STEPS[granularity] ?? HOUR_MS;
  const steps = Math.max(0, Math.ceil((end - start) / step));
  return {
    id: post.id,
    timestamped_metrics: Array.from({ length: steps }, (_, n) => {
      const from = start + n * step;
      return {
        timestamp: new Date(from).toISOString().replace(/\.\d+Z$/, 'Z'),
        metrics: metricsBetween(post, names, from, Math.min(from + step, end)),
      };
    }),
  };
}

function metricsBetween(post: XPost, names: readonly string[], from: number, until: number): Record<string, number> {
  const [before, after] = [figuresOfPost(post, from), figuresOfPost(post, until)];
  return Object.fromEntries(
    names.map((name) => [name, (METRICS[name]?.(after) ?? 0) - (METRICS[name]?.(before) ?? 0)]),
  );
}
