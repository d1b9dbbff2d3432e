import { listXPosts, type XPost } from '#simulator/data/x-posts.js';
import { xUsers } from '#simulator/data/x-users.js';
import type { Call } from '#simulator/x/call.js';
import { postFieldParameters, readPostFields } from '#simulator/x/fields.js';
import { ID, Parameters } from '#simulator/x/parameters.js';
import { answerPosts, bodyOf } from './answer-posts.js';
import { pageOfPosts, readCursor } from './page-of-posts.js';

const KNOWN = [
  'query',
  'start_time',
  'end_time',
  'since_id',
  'until_id',
  'max_results',
  'next_token',
  'pagination_token',
  'sort_order',
];
const WEEK_MS = 7 * 86_400_000;
const END_LAG_MS = 10_000;

/** Answers GET /2/tweets/search/recent over seven days; supports words, `from:name` and `-is:retweet`. */
export function searchRecent(call: Call): Record<string, unknown> {
  const { request, world } = call;
  const now = world.clock.nowMs();
  const parameters = new Parameters(request.query, [...KNOWN, ...postFieldParameters(world)]);
  const query = parameters.required('query');
  const size = parameters.integer('max_results', { min: 10, max: 100, otherwise: 10 });
  const sinceId = parameters.match('since_id', ID);
  const untilId = parameters.match('until_id', ID);
  const start = parameters.time('start_time') ?? now - WEEK_MS;
  const end = parameters.time('end_time') ?? now;
  if (start < now - WEEK_MS)
    parameters.refuse('start_time', `Invalid 'start_time'. It must be within the last 7 days.`);
  if (parameters.text('end_time') !== null && end > now - END_LAG_MS)
    parameters.refuse('end_time', `Invalid 'end_time'. It must be a minimum of 10 seconds prior to the request time.`);
  parameters.list('sort_order', ['recency', 'relevancy']);
  const cursor = readCursor(parameters, 'next_token') ?? readCursor(parameters, 'pagination_token');
  const selected = readPostFields(parameters, world);
  parameters.check();
  const posts = xUsers
    .flatMap((user) => listXPosts(user, now).filter((post) => fits(post, user.username, query)))
    .filter((post) => post.createdMs >= start && post.createdMs < end)
    .filter(
      (post) => (!sinceId || BigInt(post.id) > BigInt(sinceId)) && (!untilId || BigInt(post.id) < BigInt(untilId)),
    )
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  const { page, meta } = pageOfPosts(posts, size, cursor);
  const { previous_token: _, ...forward } = meta;
  return bodyOf({ ...answerPosts(page, selected, 'query', call), meta: forward });
}

function fits(post: XPost, username: string, query: string): boolean {
  return query.split(/\s+/).every((word) => {
    const lower = word.toLowerCase();
    if (lower === '-is:retweet') return post.kind !== 'repost';
    if (lower.startsWith('from:')) return lower.slice('from:'.length) === username.toLowerCase();
    return post.text.toLowerCase().includes(lower);
  });
}
