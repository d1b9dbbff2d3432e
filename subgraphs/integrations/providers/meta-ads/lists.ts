import { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import { readAnswer, type WireAnswer } from '#integrations/providers/wire.js';
import type { GraphRequest, MetaApi } from './api.js';
import { errorOfAnswer, isError, NAME } from './errors.js';

/** All items of a list, or why they cannot be had. */
export type ListAnswer = unknown[] | Error;

const page = z.object({
  data: z.array(z.unknown()),
  paging: z.object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() }).optional(),
});

/** Returns a page's items and the cursor of the next one. The address in `next` is not followed: it may be any. */
function readPage(answer: WireAnswer): { items: unknown[]; after?: string } {
  if (isError(answer)) throw errorOfAnswer(answer);
  const { data, paging } = readAnswer(NAME, page, answer.json);
  if (!paging?.next) return { items: data };
  const after = paging.cursors?.after;
  if (!after) throw new MalformedAnswer(NAME, 'answered in an unexpected form (paging)');
  return { items: data, after };
}

/** One list on its way: what came so far, and where to go on. */
class List {
  readonly #request: GraphRequest;
  readonly #seen = new Set<string>();
  #items: unknown[] = [];
  #after: string | undefined;
  #error: Error | undefined;
  isComplete = false;

  constructor(request: GraphRequest) {
    this.#request = request;
  }

  get answer(): ListAnswer {
    return this.#error ?? this.#items;
  }

  nextRequest(): GraphRequest {
    const { path, query } = this.#request;
    return { path, query: this.#after ? { ...query, after: this.#after } : query };
  }

  add(answer: WireAnswer | Error): void {
    try {
      if (answer instanceof Error) throw answer;
      const { items, after } = readPage(answer);
      this.#items.push(...items);
      if (after && this.#seen.has(after)) throw new MalformedAnswer(NAME, 'answers the same page again and again');
      if (after) this.#seen.add(after);
      this.#after = after;
      this.isComplete = !after;
    } catch (error) {
      this.#error = error as Error;
      this.isComplete = true;
    }
  }
}

/** Reads several lists to their ends, the next pages of all of them together. */
export async function readLists(api: MetaApi, requests: GraphRequest[], accessToken: string): Promise<ListAnswer[]> {
  const lists = requests.map((request) => new List(request));
  for (let open = lists; open.length > 0; open = open.filter(({ isComplete }) => !isComplete)) {
    const answers = await api.getAll(
      open.map((list) => list.nextRequest()),
      accessToken,
    );
    for (const [place, list] of open.entries()) list.add(answers[place] as WireAnswer | Error);
  }
  return lists.map(({ answer }) => answer);
}
