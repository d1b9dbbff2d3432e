import { pathOf } from '#runtime/http/watch-requests.js';
import type { Failure } from './describe-failure.js';

/** The media type of problem details, RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The paths whose errors are problem details: REST resources and their documentation. */
const REST = /^\/(?:api|openapi|docs)(?:[/.]|$)/;
/** A person's browser comes back from the consent page here. */
const CALLBACK = /^\/api\/oauth\/[^/]+\/callback$/;

/** Whether errors at a URL are sent as problem details. */
export function sendsProblems(url: string): boolean {
  const path = pathOf(url);
  return REST.test(path) && !CALLBACK.test(path);
}

/** Problem details (RFC 9457) with the fields of our errors. */
export interface ProblemDetails extends Record<string, unknown> {
  /** Names the code: it is no address. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns an error with its extensions as problem details. */
export function problemOf(
  { message, extensions: { code, requestId, ...more } }: Failure['body']['errors'][0],
  status: number,
): ProblemDetails {
  const type = `urn:webmetrics:error:${code}`;
  return { type, title: titleOf(code), status, detail: message, code, requestId, ...more };
}
