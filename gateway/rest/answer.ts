import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { DegradedPart } from '#gateway/context.js';
import { DEGRADED_HEADER, namesOf } from '#gateway/graph/report-degraded.js';
import type { OperationAnswer } from '#gateway/graph/run-operation.js';
import { entityTag, isTagNamed } from '#gateway/http/entity-tag.js';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { type ProblemDetails, problemOf } from '#gateway/http/problem.js';
import type { AppError } from '#runtime/errors.js';
import { pathOf } from '#runtime/http/watch-requests.js';

interface Connection {
  edges: { node: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && 'edges' in value && 'pageInfo' in value;

function problemsOf(errors: readonly GraphQLFormattedError[]): (ProblemDetails & { path?: unknown })[] {
  return errors.map(({ message, path, extensions = {} }) => {
    const { code, requestId, details, retryAfter, requiredScope, limit, payment } =
      extensions as unknown as ErrorExtensions;
    const known = { code, requestId, details, retryAfter, requiredScope, limit, payment };
    return { ...problemOf({ message, extensions: known }, httpStatusOf(code)), path };
  });
}

/** Returns the body of an answer, and the cursor of the next page. */
export function bodyOf(
  value: unknown,
  errors: readonly GraphQLFormattedError[],
): Record<string, unknown> & { data: unknown } {
  const problems = errors.length > 0 ? { errors: problemsOf(errors) } : {};
  if (!isConnection(value)) return { data: value, ...problems };
  const { edges, pageInfo, ...rest } = value;
  const { hasNextPage, endCursor } = pageInfo;
  return { data: edges.map(({ node }) => node), page: { hasNextPage, endCursor }, ...rest, ...problems };
}

interface ErrorExtensions
  extends Pick<AppError, 'code' | 'details' | 'retryAfter' | 'requiredScope' | 'limit' | 'payment'> {
  requestId: string;
}

interface Cost {
  actual: number;
  limit: number;
  remaining: number;
}

/** Says what an operation cost, and what is left of the allowance. */
export function writeCost(reply: FastifyReply, { extensions }: OperationAnswer): void {
  const cost = extensions.cost as Cost | undefined;
  if (!cost) return;
  const { actual, limit, remaining } = cost;
  void reply.headers({ 'x-cost': actual, 'x-cost-limit': limit, 'x-cost-remaining': remaining });
}

/** Names the subgraphs that did not answer their part. */
export function writeDegraded(reply: FastifyReply, { extensions }: OperationAnswer): void {
  const parts = extensions.degraded as DegradedPart[] | undefined;
  if (parts) void reply.header(DEGRADED_HEADER, namesOf(parts));
}

/** Writes the addresses of the next and the first page (RFC 8288). The next one has the days, as a period moves on. */
export function linkPages(
  { url }: FastifyRequest,
  reply: FastifyReply,
  base: string,
  { next, days }: { next?: string; days?: { startDate: string; endDate: string } },
): void {
  const at = (change: (query: URLSearchParams) => void) => {
    const query = new URLSearchParams(url.slice(pathOf(url).length + 1));
    change(query);
    const text = query.toString();
    return `<${base}${pathOf(url)}${text && `?${text}`}>`;
  };
  const links = [`${at((query) => query.delete('after'))}; rel="first"`];
  if (next !== undefined) {
    const address = at((query) => {
      if (days) {
        query.delete('period');
        query.set('startDate', days.startDate);
        query.set('endDate', days.endDate);
      }
      query.set('after', next);
    });
    links.push(`${address}; rel="next"`);
  }
  void reply.header('link', links.join(', '));
}

/** Names request headers on which the answer depends, besides those that are named already. */
export function varyBy(reply: FastifyReply, names: string[]): void {
  const known = [reply.getHeader('vary')].flat().filter((name) => name !== undefined);
  void reply.header('vary', [...known, ...names].join(', '));
}

/**
 * Sends a body that may be cached by its client: with a tag, as 304 when the client has it. The tag is that of the bytes
 * sent, so it differs by the encodings the client accepts.
 */
export function sendTagged({ headers }: FastifyRequest, reply: FastifyReply, body: string): FastifyReply {
  const tag = entityTag(
    body,
    `
${headers['accept-encoding'] ?? ''}`,
  );
  void reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (isTagNamed(tag, headers['if-none-match'])) return reply.code(304).send();
  return reply.send(body);
}
