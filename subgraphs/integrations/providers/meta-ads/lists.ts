import { z } from 'zod';
import { MalformedAnswer, TooMuchData } from '#integrations/errors.js';
import { readAnswer, type WireAnswer } from '#integrations/providers/wire.js';
import type { GraphRequest, MetaApi } from './api.js';
import { errorOfAnswer, isError, NAME } from './errors.js';

/** All items of a list, or why it failed. */
export type ListAnswer = unknown[] | Error;

const page = z.object({
  data: z.array(z.unknown()),
  paging: z.object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() }).optional(),
});

/** The address in `next` is not followed: it may be any. */
function readPage(answer: WireAnswer): { items: unknown[]; after?: string } {
  if (isError(answer)) throw errorOfAnswer(answer);
  const { data, paging } = readAnswer(NAME, page, answer.json);
  if (!paging?.next) return { items: data };
  const after = paging.cursors?.after;
  if (!after) throw new MalformedAnswer(NAME, 'answered in an unexpected form (paging)');
  return { items: data, after };
}

class List {
  readonly #request: GraphRequest;
  readonly #seen = new Set<string>();
  readonly #items: unknown[] = [];
  #after: string | undefined;
  /** Rows per page; undefined = Meta's default. */
  #limit: number | undefined;
  #error: Error | undefined;
  isComplete = false;

  constructor(request: GraphRequest) {
    this.#request = request;
    this.#limit = request.query.limit === undefined ? undefined : Number(request.query.limit);
  }

  get answer(): ListAnswer {
    return this.#error ?? this.#items;
  }

  nextRequest(): GraphRequest {
    const { path, query } = this.#request;
    const limit = this.#limit !== undefined && { limit: String(this.#limit) };
    return { path, query: { ...query, ...limit, ...(this.#after && { after: this.#after }) } };
  }

  add(answer: WireAnswer | Error | undefined): void {
    try {
      if (!answer || answer instanceof Error) throw answer ?? new MalformedAnswer(NAME, 'answered only some questions');
      const { items, after } = readPage(answer);
      this.#items.push(...items);
      if (after && this.#seen.has(after)) throw new MalformedAnswer(NAME, 'answers the same page again and again');
      if (after) this.#seen.add(after);
      this.#after = after;
      this.isComplete = !after;
    } catch (error) {
      if (error instanceof TooMuchData && this.#halvePages()) return;
      this.#error = error as Error;
      this.isComplete = true;
    }
  }

  #halvePages(): boolean {
    if (this.#request.hasFixedPages || this.#limit === undefined || this.#limit < 2) return false;
    this.#limit = Math.floor(this.#limit / 2);
    return true;
  }
}

/** Reads several lists to their ends, the next pages of all in one call. */
export async function readLists(
  api: MetaApi,
  requests: GraphRequest[],
  accessToken: string,
): Promise<Map<GraphRequest, ListAnswer>> {
  const lists = new Map(requests.map((request) => [request, new List(request)]));
  for (let open = [...lists.values()]; open.length > 0; open = open.filter(({ isComplete }) => !isComplete)) {
    const pages = new Map(open.map((list) => [list.nextRequest(), list]));
    const answers = await api.getAll([...pages.keys()], accessToken);
    for (const [request, list] of pages) list.add(answers.get(request));
  }
  return new Map([...lists].map(([request, { answer }]) => [request, answer]));
}

/** Returns the list a request was answered with. */
export function listIn(lists: Map<GraphRequest, ListAnswer>, request: GraphRequest | undefined): ListAnswer {
  return (request && lists.get(request)) ?? new MalformedAnswer(NAME, 'answered only some questions');
}
