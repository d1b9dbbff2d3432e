import type { FastifyRequest } from 'fastify';

/** The document of a request at `/graphql`, before anything of it is parsed. */
export interface RequestedDocument {
  text?: string;
  /** Of a persisted query; beside a text it must be its hash, which Apollo checks. */
  id?: string;
  operationName?: string;
  variables?: unknown;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Returns the parameters of a URL that are there once, as Apollo reads them. */
function searchOf(url: string): Record<string, unknown> {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const once = (name: string) => (parameters.getAll(name).length === 1 ? parameters.get(name) : undefined);
  let extensions: unknown;
  try {
    extensions = JSON.parse(once('extensions') ?? 'null');
  } catch {
    // Apollo refuses it.
  }
  return { query: once('query'), operationName: once('operationName'), extensions };
}

/** Returns the document that Apollo Server will read from a request. */
export function requestedDocument(request: Pick<FastifyRequest, 'method' | 'url' | 'body'>): RequestedDocument {
  const given = request.method === 'POST' ? fieldsOf(request.body) : searchOf(request.url);
  const { persistedQuery } = fieldsOf(given.extensions);
  return {
    // An empty text is none.
    text: textOf(given.query) || undefined,
    id: textOf(fieldsOf(persistedQuery).sha256Hash),
    operationName: textOf(given.operationName),
    variables: given.variables,
  };
}
