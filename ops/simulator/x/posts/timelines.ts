import { hasPrivateFigures } from '#simulator/data/x-post-figures.js';
import { listXPosts, type XPost } from '#simulator/data/x-posts.js';
import { findXUser, type XUser, xUsers } from '#simulator/data/x-users.js';
import type { Call } from '#simulator/x/call.js';
import { postFieldParameters, readPostFields, type SelectedFields } from '#simulator/x/fields.js';
import { ID, Parameters, readPathId } from '#simulator/x/parameters.js';
import { notFound } from '#simulator/x/problem.js';
import { answerPosts, bodyOf } from './answer-posts.js';
import { pageOfPosts, readCursor } from './page-of-posts.js';

const RANGE = ['since_id', 'until_id', 'max_results', 'pagination_token', 'start_time', 'end_time'];
const MAX_TIMELINE = 3_200;
const MAX_MENTIONS = 800;

/** Answers GET /2/users/{id}/tweets, newest first. */
export function answerTimeline(call: Call): Record<string, unknown> {
  return answerPages(call, ['exclude'], (user, now) => listXPosts(user, now).slice(0, MAX_TIMELINE));
}

/** Answers GET /2/users/{id}/mentions, newest first. */
export function answerMentions(call: Call): Record<string, unknown> {
  return answerPages(call, [], (user, now) =>
    xUsers
      .filter((other) => other !== user)
      .flatMap((other) => listXPosts(other, now))
      .filter((post) => post.text.includes(`@${user.username}`))
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
      .slice(0, MAX_MENTIONS),
  );
}

function answerPages(
  call: Call,
  more: readonly string[],
  list: (user: XUser, nowMs: number) => readonly XPost[],
): Record<string, unknown> {
  const { request, world } = call;
  const id = readPathId('id', call.placeholder);
  const parameters = new Parameters(request.query, [...RANGE, ...more, ...postFieldParameters(world)]);
  const size = parameters.integer('max_results', { min: 5, max: 100, otherwise: 10 });
  const isWithin = readRange(parameters);
  const excluded = more.includes('exclude') ? parameters.list('exclude', ['retweets', 'replies']) : [];
  const cursor = readCursor(parameters, 'pagination_token');
  const selected = readPostFields(parameters, world);
  parameters.check();
  const user = findXUser(id);
  if (!user) return bodyOf({ data: null, errors: [notFound({ parameter: 'id', value: id, type: 'user' })] });
  const now = world.clock.nowMs();
  const posts = list(user, now).filter(
    (post) =>
      isWithin(post) &&
      !(post.kind === 'repost' && excluded.includes('retweets')) &&
      !(post.kind === 'reply' && excluded.includes('replies')) &&
      (world.settings.xRefusedFields === 'field-missing' || isListed(post, selected, now)),
  );
  const { page, meta } = pageOfPosts(posts, size, cursor);
  return bodyOf({ ...answerPosts(page, selected, 'id', call), meta });
}

/** Ids are exclusive, instants inclusive to the second. */
function readRange(parameters: Parameters): (post: XPost) => boolean {
  const [sinceId, untilId] = ['since_id', 'until_id'].map((name) => parameters.match(name, ID));
  const start = parameters.time('start_time') ?? -Infinity;
  const end = parameters.time('end_time') ?? Infinity;
  if (start > end) {
    parameters.refuse('start_time', `Invalid 'start_time'. 'start_time' must be on or before 'end_time'.`);
  }
  return (post) => {
    const second = Math.floor(post.createdMs / 1000) * 1000;
    return (
      (!sinceId || BigInt(post.id) > BigInt(sinceId)) &&
      (!untilId || BigInt(post.id) < BigInt(untilId)) &&
      second >= start &&
      second <= end
    );
  };
}

// With private metrics, thirty days only: https://docs.x.com/x-api/posts/timelines/integrate
function isListed(post: XPost, selected: SelectedFields, nowMs: number): boolean {
  const asksForPrivate = selected.post.has('non_public_metrics') || selected.post.has('organic_metrics');
  return !asksForPrivate || hasPrivateFigures(post, nowMs);
}
