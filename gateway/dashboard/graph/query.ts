import { QueryClient, queryOptions } from '@tanstack/react-query';
import { type Answer, type DocumentTypes, type ErrorEntry, WebMetricsError } from '#gateway/client/index.js';
import { client } from './client.ts';

/** What a page waits for is asked again when it is looked at after so long. */
const STALE_AFTER_MS = 60_000;

/** The cache of answers. Failed requests are repeated by the client, which knows which of them may be. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: STALE_AFTER_MS }, mutations: { retry: false } },
});

/** Returns the name of the operation in a document. */
export const nameOf = (document: unknown): string =>
  /\b(?:query|mutation)\s+(\w+)/.exec(String(document))?.[1] ?? String(document);

/**
 * Returns the options of `useQuery` for a document: its key is the operation's name with its variables, so that
 * `invalidate('ListClients')` finds every answer of it. The answer is what did not fail, with the errors of what did.
 */
export function ask<Data, Variables>(document: DocumentTypes<Data, Variables>, variables: Variables) {
  return queryOptions<Answer<Data>, Error>({
    queryKey: [nameOf(document), variables],
    queryFn: ({ signal }) => client.execute(document, variables as never, { signal }) as Promise<Answer<Data>>,
  });
}

/** Asks again what operations of these names answered, wherever it is shown. */
export async function invalidate(...names: string[]): Promise<void> {
  await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}

/** Not `randomUUID`, which browsers have on secure origins only. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Runs a mutation with a key, by default one of its own: a retry has its effect once. Rejects with a WebMetricsError. */
export function run<Data, Variables>(
  document: DocumentTypes<Data, Variables>,
  variables: Variables,
  idempotencyKey = newKey(),
): Promise<Data> {
  const options = { idempotencyKey };
  return client.request(document, ...([variables, options] as never)) as Promise<Data>;
}

/**
 * Returns what runs a mutation and gives the same content the same key until it is done: a form that is sent by a double click, or again
 * after a failure, has its effect once.
 */
export function runOnce<Data, Variables>(document: DocumentTypes<Data, Variables>) {
  const keys = new Map<string, string>();
  return async (variables: Variables): Promise<Data> => {
    const content = JSON.stringify(variables);
    const key = keys.get(content) ?? newKey();
    keys.set(content, key);
    const data = await run(document, variables, key);
    keys.delete(content);
    return data;
  };
}

/** Returns what of an error helps a person: its message, and the id of the request for a support request. */
export function describeError(error: unknown): { code: string; message: string; requestId?: string } {
  if (!(error instanceof WebMetricsError)) return { code: 'UNKNOWN_ERROR', message: String(error) };
  return { code: error.code, message: error.message, requestId: error.requestId };
}

/** Returns the message of each argument that was refused, by its name: for the fields of a form. */
export function problemsByArgument(error: unknown): Record<string, string> {
  if (!(error instanceof WebMetricsError)) return {};
  return Object.fromEntries(error.details.map(({ argument, problem }) => [argument, problem]));
}

export type { Answer, ErrorEntry };
