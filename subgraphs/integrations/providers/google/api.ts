import type { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import { readAnswer, type Send, type WireAnswer } from '#integrations/providers/wire.js';
import { errorOfAnswer } from './errors.js';

/** Reads one of Google's JSON APIs. */
export interface GoogleApi {
  /** Throws the mapped error. */
  get<Schema extends z.ZodType>(
    accessToken: string,
    path: string,
    query: URLSearchParams,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  post<Schema extends z.ZodType>(
    accessToken: string,
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>>;
}

export interface GoogleApiOptions {
  /** The product's name in errors. */
  name: string;
  /** In errors: "property", "site". */
  thing: string;
  base: string;
  send: Send;
  /** Maps errors particular to the product. */
  errorOf?: (answer: WireAnswer) => Error | undefined;
}

/** Returns one of Google's JSON APIs. */
export function googleApi({ name, thing, base, send, errorOf }: GoogleApiOptions): GoogleApi {
  function read<Schema extends z.ZodType>(answer: WireAnswer, schema: Schema): z.output<Schema> {
    if (answer.status !== 200) throw errorOf?.(answer) ?? errorOfAnswer(name, thing, answer);
    return readAnswer(name, schema, answer.json);
  }
  return {
    async get(accessToken, path, query, schema) {
      const url = `${base}${path}${query.size > 0 ? `?${query}` : ''}`;
      return read(await send({ url, headers: { authorization: `Bearer ${accessToken}` }, isIdempotent: true }), schema);
    },
    async post(accessToken, path, body, schema) {
      const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
      const request = { method: 'POST' as const, url: `${base}${path}`, headers, body: JSON.stringify(body) };
      // POST only reads here.
      return read(await send({ ...request, isIdempotent: true }), schema);
    },
  };
}

export interface ListPage<Item> {
  items: Item[];
  nextPageToken?: string | undefined;
}

// Stops paging that does not end.
const MAX_PAGES = 1_000;

/** Returns all items of a paged list. */
export async function readPages<Item>(
  name: string,
  read: (pageToken: string | undefined) => Promise<ListPage<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...page.items);
    token = page.nextPageToken || undefined;
    if (token && (seen.has(token) || seen.size === MAX_PAGES)) {
      throw new MalformedAnswer(name, 'answers the same page again and again');
    }
    if (token) seen.add(token);
  } while (token);
  return items;
}
