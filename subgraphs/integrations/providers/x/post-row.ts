import { z } from 'zod';
import { count as anyCount } from '#integrations/providers/numbers.js';
import type { PostRow, Rows } from '#integrations/providers/products.js';
import { readRows } from '#integrations/providers/wire.js';
import { NAME } from './errors.js';
import { withoutEntities } from './without-entities.js';

/** Per lookup and timeline page: https://docs.x.com/x-api/posts/lookup/introduction */
export const MAX_AT_ONCE = 100;
export const CALLS_AT_ONCE = 4;

/**
 * Private metrics are reported to the author for 30 days; requesting them later may refuse the whole post.
 * https://docs.x.com/x-api/posts/timelines/integrate
 */
export const PUBLIC_FIELDS = 'created_at,note_tweet,public_metrics';
export const ALL_FIELDS = `${PUBLIC_FIELDS},non_public_metrics`;

const count = anyCount.optional();
const id = z.string().regex(/^\d+$/);

// X is renaming "retweets" to "reposts".
const post = z.object({
  id,
  text: z.string(),
  /** The whole of a post of more than 280 characters, of which `text` has the beginning. */
  note_tweet: z.object({ text: z.string() }).optional(),
  created_at: z.iso.datetime(),
  public_metrics: z
    .object({
      impression_count: count,
      like_count: count,
      retweet_count: count,
      repost_count: count,
      reply_count: count,
      quote_count: count,
      bookmark_count: count,
    })
    .default({}),
  non_public_metrics: z.object({ url_link_clicks: count, user_profile_clicks: count }).default({}),
});

const answer = z.object({
  data: z.array(z.unknown()).optional(),
  errors: z.array(z.object({ type: z.string().optional(), resource_id: z.string().optional() })).optional(),
  meta: z.object({ next_token: z.string().min(1).optional() }).optional(),
});

/** X leaves out `data` when nothing was found, but not everything. */
export const foundPosts = answer.refine(({ data, errors, meta }) => data ?? errors ?? meta, 'says nothing at all');

const identityOfPost = z.object({ id }).transform((row) => ({ row: row.id }));

/** Reads posts. */
export function postsOf(data: unknown[]): Rows<PostRow> {
  const { read, unreadable } = readRows(NAME, post, data, identityOfPost);
  return { rows: read.map(rowOf), unreadable };
}

function rowOf({
  id,
  text,
  note_tweet,
  created_at,
  public_metrics,
  non_public_metrics,
}: z.output<typeof post>): PostRow {
  return {
    externalId: id,
    text: withoutEntities(note_tweet?.text ?? text),
    createdAt: new Date(created_at).toISOString(),
    url: `https://x.com/i/status/${id}`,
    metrics: {
      impressions: public_metrics.impression_count ?? null,
      likes: public_metrics.like_count ?? null,
      reposts: public_metrics.retweet_count ?? public_metrics.repost_count ?? null,
      replies: public_metrics.reply_count ?? null,
      quotes: public_metrics.quote_count ?? null,
      bookmarks: public_metrics.bookmark_count ?? null,
      linkClicks: non_public_metrics.url_link_clicks ?? null,
      profileClicks: non_public_metrics.user_profile_clicks ?? null,
    },
  };
}
