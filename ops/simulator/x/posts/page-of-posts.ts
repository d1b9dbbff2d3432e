import type { XPost } from '#simulator/data/x-posts.js';
import { ID, type Parameters } from '#simulator/x/parameters.js';

const FORWARD = '7140';
const BACK = '77qp';

/** Where a page begins: after a post (older), or before one (newer). */
interface Cursor {
  direction: typeof FORWARD | typeof BACK;
  id: bigint;
}

/** Reads a page token. */
export function readCursor(parameters: Parameters, name: string): Cursor | null {
  const text = parameters.text(name);
  if (text === null) return null;
  const direction = [FORWARD, BACK].find((mark) => text.startsWith(mark)) as Cursor['direction'] | undefined;
  const id = base36(text.slice(4));
  if (direction !== undefined && id !== null) return { direction, id };
  parameters.refuse(name, `The \`${name}\` query parameter value [${text}] is not valid`);
  return null;
}

/** Returns one page, newest first, with its neighbours in `meta`. */
export function pageOfPosts(posts: readonly XPost[], size: number, cursor: Cursor | null) {
  const start = startOf(posts, size, cursor);
  const page = posts.slice(start, start + size);
  const [first, last] = [page[0], page.at(-1)];
  return {
    page,
    meta: {
      result_count: page.length,
      ...(first && last && { newest_id: first.id, oldest_id: last.id }),
      ...(last && start + size < posts.length && { next_token: tokenOf(FORWARD, last.id) }),
      ...(first && start > 0 && { previous_token: tokenOf(BACK, first.id) }),
    },
  };
}

function startOf(posts: readonly XPost[], size: number, cursor: Cursor | null): number {
  if (!cursor) return 0;
  const isBehind = (post: XPost) => BigInt(post.id) < cursor.id;
  if (cursor.direction === FORWARD) {
    const start = posts.findIndex(isBehind);
    return start < 0 ? posts.length : start;
  }
  const end = posts.findIndex((post) => BigInt(post.id) <= cursor.id);
  return Math.max(0, (end < 0 ? posts.length : end) - size);
}

function tokenOf(direction: Cursor['direction'], id: string): string {
  return direction + BigInt(id).toString(36);
}

function base36(text: string): bigint | null {
  if (!/^[0-9a-z]{1,13}$/.test(text)) return null;
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return ID.test(String(value)) ? value : null;
}
