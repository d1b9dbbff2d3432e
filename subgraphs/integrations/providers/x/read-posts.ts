import { MalformedAnswer } from '#integrations/errors.js';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import { readPage } from '#integrations/providers/halves.js';
import type { PostRow, ReaderQuestion, Readers, Rows, UnreadableRow } from '#integrations/providers/products.js';
import { Forbidden } from '#runtime/errors.js';
import type { XApi } from './api.js';
import { NAME } from './errors.js';
import { ALL_FIELDS, CALLS_AT_ONCE, foundPosts, MAX_AT_ONCE, PUBLIC_FIELDS, postsOf } from './post-row.js';

/** Per timeline page. */
const MIN_AT_ONCE = 5;

// An hour less than 30 days: clocks differ.
const PRIVATE_MS = (30 * 24 - 1) * 60 * 60 * 1000;

/** With the fields that may be requested. */
interface Stretch {
  start: string;
  end: string;
  fields: string;
}

const instantOf = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** Splits the range where private metrics end, newest first. */
function stretchesOf({ range }: ReaderQuestion<'posts'>, now: Date): Stretch[] {
  const [start, end] = [`${range.start}T00:00:00Z`, `${range.end}T23:59:59Z`];
  const cut = instantOf(now.getTime() - PRIVATE_MS);
  if (end < cut) return [{ start, end, fields: PUBLIC_FIELDS }];
  if (start >= cut) return [{ start, end, fields: ALL_FIELDS }];
  return [
    { start: cut, end, fields: ALL_FIELDS },
    { start, end: cut, fields: PUBLIC_FIELDS },
  ];
}

/** Posts by id, in the order of X. */
interface Found {
  posts: Map<string, PostRow>;
  unreadable: Map<string, UnreadableRow>;
}

/** Adds posts, page by page. */
async function readStretch(
  api: XApi,
  accessToken: string,
  accountId: string,
  { start, end, fields }: Stretch,
  found: Found,
): Promise<void> {
  // Adjacent stretches share a second, and the newer one has all metrics.
  const known = new Set(found.posts.keys());
  const seen = new Set<string>();
  let token = '';
  let size = MAX_AT_ONCE;
  do {
    const queryOf = (maxResults: number) => ({
      max_results: String(maxResults),
      start_time: start,
      end_time: end,
      exclude: 'retweets',
      'tweet.fields': fields,
      ...(token && { pagination_token: token }),
    });
    const path = `/users/${accountId}/tweets`;
    const read = (maxResults: number) => api.get(accessToken, path, queryOf(maxResults), foundPosts);
    const answer = await readPage(size, read, MIN_AT_ONCE);
    size = answer.size;
    const { data = [], meta } = answer.page;
    if (!meta) throw new Forbidden(`${NAME} does not let this connection read the account.`);
    const { rows, unreadable } = postsOf(data);
    for (const one of rows) if (!known.has(one.externalId)) found.posts.set(one.externalId, one);
    for (const one of unreadable) found.unreadable.set(one.row, one);
    token = meta.next_token ?? '';
    if (seen.has(token)) throw new MalformedAnswer(NAME, 'answers the same page again and again');
    if (token) seen.add(token);
  } while (token);
}

async function readTimeline(
  api: XApi,
  accessToken: string,
  question: ReaderQuestion<'posts'>,
  now: Date,
): Promise<Rows<PostRow>> {
  const found: Found = { posts: new Map(), unreadable: new Map() };
  for (const stretch of stretchesOf(question, now)) {
    await readStretch(api, accessToken, question.account.externalId, stretch, found);
  }
  return { rows: [...found.posts.values()], unreadable: [...found.unreadable.values()] };
}

/** Reads posts, newest first: a call per hundred, and one more where some are older than 30 days. */
export const readPosts =
  (api: XApi, now: () => Date): Readers['posts'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ account, range }) => `${account.externalId} ${range.start} ${range.end}`,
      async (group) => {
        const found = await readTimeline(api, accessToken, group[0], now());
        return answerAll(group, () => found);
      },
    );
