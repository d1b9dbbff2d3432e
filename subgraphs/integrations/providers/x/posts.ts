import { z } from 'zod';
import { ProviderUnavailable } from '../../errors.js';
import { answerGroups } from '../answer-groups.js';
import { inParallel } from '../in-parallel.js';
import type { PostQuestion, PostRow, PostsQuestion, Readers } from '../products.js';
import type { XApi } from './api.js';
import { NAME } from './errors.js';

/** https://docs.x.com/x-api/posts/lookup/introduction: ids in a call, and posts in a page of a timeline. */
const MAX_AT_ONCE = 100;
const CALLS_AT_ONCE = 4;

// The second group is told to the author alone, and for 30 days.
const FIELDS = { 'tweet.fields': 'created_at,public_metrics,non_public_metrics' };

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

const found = z.object({ data: z.array(post).default([]) });

const timeline = found.extend({ meta: z.object({ next_token: z.string().min(1).optional() }).default({}) });

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

/** Posts by id, a hundred in a call, whoever asks for them. An id that is gone is left out of the answer. */
export const readPostsById =
  (api: XApi): Readers['postById'] =>
  async (accessToken, questions) => {
    const ids = [...new Set(questions.map(({ postId }) => postId))];
    const answers = new Map<string, PostRow | Error>();
    await inParallel(chunksOf(ids, MAX_AT_ONCE), CALLS_AT_ONCE, async (some) => {
      try {
        const { data } = await api.get(accessToken, '/tweets', { ids: some.join(','), ...FIELDS }, found);
        for (const one of data) answers.set(one.id, rowOf(one));
      } catch (error) {
        for (const id of some) answers.set(id, error as Error);
      }
    });
    return questions.map(({ postId }: PostQuestion) => answers.get(postId) ?? null);
  };

async function readTimeline(
  api: XApi,
  accessToken: string,
  { account, range }: PostsQuestion,
  limit: number,
): Promise<PostRow[]> {
  const posts: PostRow[] = [];
  const seen = new Set<string>();
  let token = '';
  do {
    const query = {
      max_results: String(MAX_AT_ONCE),
      start_time: `${range.start}T00:00:00Z`,
      end_time: `${range.end}T23:59:59Z`,
      exclude: 'retweets',
      ...FIELDS,
      ...(token && { pagination_token: token }),
    };
    const page = await api.get(accessToken, `/users/${account.externalId}/tweets`, query, timeline);
    posts.push(...page.data.map(rowOf));
    token = page.meta.next_token ?? '';
    if (seen.has(token)) throw new ProviderUnavailable(NAME, 'answers the same page again and again');
    if (token) seen.add(token);
  } while (token && posts.length < limit);
  return posts;
}

/** What accounts posted, the newest first: a call for each hundred posts. */
export const readPosts =
  (api: XApi): Readers['posts'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ account, range }) => `${account.externalId} ${range.start} ${range.end}`,
      async (group) => {
        const limit = Math.max(...group.map((question) => question.limit));
        const posts = await readTimeline(api, accessToken, group[0] as PostsQuestion, limit);
        return group.map((question) => posts.slice(0, question.limit));
      },
    );
