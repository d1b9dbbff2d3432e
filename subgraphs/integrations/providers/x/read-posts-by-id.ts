import { chunk, mapAsync } from 'es-toolkit/array';
import { MalformedAnswer } from '#integrations/errors.js';
import { answerAll } from '#integrations/providers/answer-groups.js';
import type { PostRow, Readers, Rows } from '#integrations/providers/products.js';
import type { XApi } from './api.js';
import { NAME } from './errors.js';
import { ALL_FIELDS, CALLS_AT_ONCE, foundPosts, MAX_AT_ONCE, PUBLIC_FIELDS, postsOf } from './post-row.js';

const FIELD_REFUSALS = ['not-authorized-for-field', 'field-unauthorized'];

/** Returns the posts that exist. */
async function lookUp(api: XApi, accessToken: string, ids: string[], fields: string): Promise<Rows<PostRow>> {
  const query = { ids: ids.join(','), 'tweet.fields': fields };
  const { data = [], errors = [] } = await api.get(accessToken, '/tweets', query, foundPosts);
  const posts = postsOf(data);
  if (fields === PUBLIC_FIELDS) return posts;
  const shown = new Set([...posts.rows.map(({ externalId }) => externalId), ...posts.unreadable.map(({ row }) => row)]);
  const isRefused = ({ type = '' }: { type?: string | undefined }) =>
    FIELD_REFUSALS.includes(type.split('/').at(-1) ?? '');
  const refused = new Set(errors.filter(isRefused).map(({ resource_id }) => resource_id));
  const missing = ids.filter((id) => refused.has(id) && !shown.has(id));
  if (missing.length === 0) return posts;
  const others = await lookUp(api, accessToken, missing, PUBLIC_FIELDS);
  return { rows: [...posts.rows, ...others.rows], unreadable: [...posts.unreadable, ...others.unreadable] };
}

/** Reads posts by id, a hundred in a call. */
export const readPostsById =
  (api: XApi): Readers['postById'] =>
  async (accessToken, questions) => {
    const ids = [...new Set(questions.map(({ postId }) => postId))];
    const found = new Map<string, PostRow | Error>();
    const readSome = async (some: string[]) => {
      try {
        const { rows, unreadable } = await lookUp(api, accessToken, some, ALL_FIELDS);
        for (const { row, field } of unreadable) {
          found.set(row, new MalformedAnswer(NAME, `answered in an unexpected form (${field} of the post ${row})`));
        }
        for (const row of rows) found.set(row.externalId, row);
      } catch (error) {
        for (const id of some) found.set(id, error as Error);
      }
    };
    await mapAsync(chunk(ids, MAX_AT_ONCE), readSome, { concurrency: CALLS_AT_ONCE });
    return answerAll(questions, ({ postId }) => found.get(postId) ?? null);
  };
