import type { XPost } from '#simulator/data/x-posts.js';
import { findXUser } from '#simulator/data/x-users.js';
import type { Call } from '#simulator/x/call.js';
import type { SelectedFields } from '#simulator/x/fields.js';
import { printUser } from '#simulator/x/print-user.js';
import { fieldRefused } from '#simulator/x/problem.js';
import { printPost, refusedFields } from './print-post.js';

export interface PostsAnswer {
  data: Record<string, unknown>[];
  includes: Record<string, unknown> | null;
  errors: unknown[];
}

/** Returns posts, expanded authors, and an error per refused field. */
export function answerPosts(
  posts: readonly XPost[],
  selected: SelectedFields,
  parameter: string,
  { caller, world }: Call,
): PostsAnswer {
  const now = world.clock.nowMs();
  const errors: unknown[] = [];
  const shown: XPost[] = [];
  for (const post of posts) {
    const refused = refusedFields(post, selected, caller.user.id, now);
    for (const field of refused) errors.push(fieldRefused({ parameter, value: post.id, type: 'tweet' }, field));
    if (refused.length === 0 || world.settings.xRefusedFields === 'field-missing') shown.push(post);
  }
  const authors = selected.expansions.has('author_id') ? [...new Set(shown.map((post) => post.authorId))] : [];
  const users = authors.flatMap((id) => findXUser(id) ?? []).map((user) => printUser(user, selected, now));
  return {
    data: shown.map((post) => printPost(post, selected, caller.user.id, now)),
    includes: users.length > 0 ? { users } : null,
    errors,
  };
}

/** Builds an answer without empty members, as X does. */
export function bodyOf(answer: {
  data: unknown[] | Record<string, unknown> | null;
  includes?: Record<string, unknown> | null;
  errors: readonly unknown[];
  meta?: Record<string, unknown>;
}): Record<string, unknown> {
  const { data, includes, errors, meta } = answer;
  const isEmpty = data === null || (Array.isArray(data) && data.length === 0);
  return {
    ...(!isEmpty && { data }),
    ...(includes && { includes }),
    ...(errors.length > 0 && { errors }),
    ...(meta && { meta }),
  };
}
