import { z } from 'zod';
import { Forbidden } from '../../../../ops/runtime/errors.js';
import { ProviderUnavailable } from '../../errors.js';
import { answerGroups } from '../answer-groups.js';
import { inParallel } from '../in-parallel.js';
import type { PostQuestion, PostRow, PostsQuestion, Readers } from '../products.js';
import type { XApi } from './api.js';
import { NAME } from './errors.js';

/** https://docs.x.com/x-api/posts/lookup/introduction: ids in a call, and posts in a page of a timeline. */
const MAX_AT_ONCE = 100;
const CALLS_AT_ONCE = 4;

/**
 * What everybody may know of a post, and with it what X tells the author alone, for 30 days. Who asks for the latter may be
 * refused the whole post instead of the field. https://docs.x.com/x-api/posts/timelines/integrate
 */
const PUBLIC_FIELDS = 'created_at,public_metrics';
const ALL_FIELDS = `${PUBLIC_FIELDS},non_public_metrics`;

// An hour less than 30 days: X's clock may be ahead of ours.
const PRIVATE_MS = (30 * 24 - 1) * 60 * 60 * 1000;

const count = z.number().int().min(0).optional();

// X is renaming what it counts: "retweets" have become "reposts" in some of its documents.
const post = z.object({
  id: z.string().regex(/^\d+$/),
  text: z.string(),
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
  data: z.array(post).optional(),
  errors: z.array(z.object({ type: z.string().optional(), resource_id: z.string().optional() })).optional(),
  meta: z.object({ next_token: z.string().min(1).optional() }).optional(),
});

// X leaves out `data` when it found nothing, but then it says so.
const found = answer.refine(({ data, errors, meta }) => data ?? errors ?? meta, 'says nothing at all');

const FIELD_REFUSALS = ['not-authorized-for-field', 'field-unauthorized'];

function rowOf({ id, text, created_at, public_metrics, non_public_metrics }: z.output<typeof post>): PostRow {
  return {
    externalId: id,
    text,
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

const chunksOf = <Item>(items: Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Returns those of the posts X knows; the others are not there (any more). */
async function lookUp(api: XApi, accessToken: string, ids: string[], fields: string): Promise<PostRow[]> {
  const query = { ids: ids.join(','), 'tweet.fields': fields };
  const { data = [], errors = [] } = await api.get(accessToken, '/tweets', query, found);
  const rows = data.map(rowOf);
  if (fields === PUBLIC_FIELDS) return rows;
  const shown = new Set(rows.map(({ externalId }) => externalId));
  const isRefused = ({ type = '' }: { type?: string | undefined }) =>
    FIELD_REFUSALS.includes(type.split('/').at(-1) ?? '');
  const refused = new Set(errors.filter(isRefused).map(({ resource_id }) => resource_id));
  const missing = ids.filter((id) => refused.has(id) && !shown.has(id));
  return missing.length > 0 ? [...rows, ...(await lookUp(api, accessToken, missing, PUBLIC_FIELDS))] : rows;
}

/** Posts by id, a hundred in a call, whoever asks for them. An id that is gone is left out of the answer. */
export const readPostsById =
  (api: XApi): Readers['postById'] =>
  async (accessToken, questions) => {
    const ids = [...new Set(questions.map(({ postId }) => postId))];
    const answers = new Map<string, PostRow | Error>();
    await inParallel(chunksOf(ids, MAX_AT_ONCE), CALLS_AT_ONCE, async (some) => {
      try {
        for (const row of await lookUp(api, accessToken, some, ALL_FIELDS)) answers.set(row.externalId, row);
      } catch (error) {
        for (const id of some) answers.set(id, error as Error);
      }
    });
    return questions.map(({ postId }: PostQuestion) => answers.get(postId) ?? null);
  };

/** A stretch of a timeline, both instants included, and what may be asked about it. */
interface Stretch {
  start: string;
  end: string;
  fields: string;
}

const instantOf = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** Returns the range, the newest first, cut where posts become too old for what only their author may know. */
function stretchesOf({ range }: PostsQuestion, now: Date): Stretch[] {
  const [start, end] = [`${range.start}T00:00:00Z`, `${range.end}T23:59:59Z`];
  const cut = instantOf(now.getTime() - PRIVATE_MS);
  if (end < cut) return [{ start, end, fields: PUBLIC_FIELDS }];
  if (start >= cut) return [{ start, end, fields: ALL_FIELDS }];
  return [
    { start: cut, end, fields: ALL_FIELDS },
    { start, end: cut, fields: PUBLIC_FIELDS },
  ];
}

/** Adds the posts of one stretch until there are `limit`, page by page. */
async function readStretch(
  api: XApi,
  accessToken: string,
  accountId: string,
  { start, end, fields }: Stretch,
  posts: Map<string, PostRow>,
  limit: number,
): Promise<void> {
  const seen = new Set<string>();
  let token = '';
  do {
    const query = {
      max_results: String(MAX_AT_ONCE),
      start_time: start,
      end_time: end,
      exclude: 'retweets',
      'tweet.fields': fields,
      ...(token && { pagination_token: token }),
    };
    const { data = [], meta } = await api.get(accessToken, `/users/${accountId}/tweets`, query, found);
    if (!meta) throw new Forbidden(`${NAME} does not let this connection read the account.`);
    // The second in which two stretches meet belongs to both.
    for (const one of data) if (!posts.has(one.id)) posts.set(one.id, rowOf(one));
    token = meta.next_token ?? '';
    if (seen.has(token)) throw new ProviderUnavailable(NAME, 'answers the same page again and again');
    if (token) seen.add(token);
  } while (token && posts.size < limit);
}

async function readTimeline(
  api: XApi,
  accessToken: string,
  question: PostsQuestion,
  limit: number,
  now: Date,
): Promise<PostRow[]> {
  const posts = new Map<string, PostRow>();
  for (const stretch of stretchesOf(question, now)) {
    if (posts.size < limit) await readStretch(api, accessToken, question.account.externalId, stretch, posts, limit);
  }
  return [...posts.values()];
}

/** What accounts posted, the newest first: a call for each hundred posts, and one more where some are older than 30 days. */
export const readPosts =
  (api: XApi, now: () => Date): Readers['posts'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ account, range }) => `${account.externalId} ${range.start} ${range.end}`,
      async (group) => {
        const limit = Math.max(...group.map((question) => question.limit));
        const posts = await readTimeline(api, accessToken, group[0] as PostsQuestion, limit, now());
        return group.map((question) => posts.slice(0, question.limit));
      },
    );
