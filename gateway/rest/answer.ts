import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { OperationAnswer } from '#gateway/graph/run-operation.js';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { type ProblemDetails, problemOf } from '#gateway/http/problem.js';
import type { AppError } from '#runtime/errors.js';

/** The cursor of the next page; undefined = there is none, or the answer is no page. */
export interface Page {
  next?: string;
}

interface Connection {
  edges: { node: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && 'edges' in value && 'pageInfo' in value;

/** Returns what is at a path in an operation's data; null where something above it is null. */
export function valueAt(data: Record<string, unknown> | null, path: readonly string[]): unknown {
  let value: unknown = data;
  for (const name of path) value = (value as Record<string, unknown> | null)?.[name] ?? null;
  return value;
}

/** Returns the error because of which the answer is null: one at its path or above, else the first. */
export function causeOfNull({ errors }: OperationAnswer, path: readonly string[]): GraphQLFormattedError | undefined {
  const isAbove = (error: GraphQLFormattedError) => error.path?.every((name, index) => name === path[index]);
  return errors.find(isAbove) ?? errors[0];
}

function problemsOf(errors: readonly GraphQLFormattedError[]): (ProblemDetails & { path?: unknown })[] {
  return errors.map(({ message, path, extensions = {} }) => {
    const { code, requestId, details, retryAfter, requiredScope } = extensions as unknown as ErrorExtensions;
    const known = { code, requestId, details, retryAfter, requiredScope };
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

interface ErrorExtensions extends Pick<AppError, 'code' | 'details' | 'retryAfter' | 'requiredScope'> {
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

/** Names request headers on which the answer depends, besides those that are named already. */
export function varyBy(reply: FastifyReply, names: string[]): void {
  const known = [reply.getHeader('vary')].flat().filter((name) => name !== undefined);
  void reply.header('vary', [...known, ...names].join(', '));
}

/** Whether an `If-None-Match` names a tag (RFC 9110, section 13.1.2: weakly compared). */
function isNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((part) => part.trim().replace(/^W\//, '') === tag);
}

/**
 * Sends a body that may be cached by its client: with a tag, as 304 when the client has it. The tag stands for the bytes that
 * are sent, so it differs by what the client lets them be compressed with.
 */
export function sendTagged({ headers }: FastifyRequest, reply: FastifyReply, body: string): FastifyReply {
  const hash = createHash('sha256')
    .update(body)
    .update(`\n${headers['accept-encoding'] ?? ''}`);
  const tag = `"${hash.digest('base64url').slice(0, 27)}"`;
  void reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (isNamed(tag, headers['if-none-match'])) return reply.code(304).send();
  return reply.send(body);
}
