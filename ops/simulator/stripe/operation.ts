import type { StripeAccount } from './account.js';
import { type Fields, integer, text, type Values } from './wire/rules.js';
import { noSuch } from './wire/stripe-error.js';

/** What a handler gets: the parameters as they were read, and the ids of the path. */
export interface Call<V = unknown> {
  account: StripeAccount;
  params: V;
  /** The first id of the path; empty without one. */
  id: string;
  ids: readonly string[];
  /** Of the request, without its query. */
  path: string;
}

/** One call of the API. */
export interface Operation {
  method: 'GET' | 'POST' | 'DELETE';
  /** Such as /v1/customers/{customer}. */
  path: string;
  parameters: Fields;
  /** Parameters of Stripe that the simulator does not have. */
  notSimulated: readonly string[];
  handle(call: Call): unknown;
}

/**
 * Describes a call: every parameter it accepts (`expand` is accepted everywhere), and its handler, which returns an object,
 * or a page of a list, unexpanded, and throws `StripeError`.
 */
export function operation<F extends Fields>(
  method: Operation['method'],
  path: string,
  parameters: F,
  handle: (call: Call<Values<F>>) => unknown,
  notSimulated: readonly string[] = [],
): Operation {
  return { method, path, parameters, notSimulated, handle: handle as Operation['handle'] };
}

/** Makes a field that is left out of an answer unless requested. */
export type Include = (account: StripeAccount, object: never) => unknown;

/** By the kind of object: the fields that hold ids (or are shown whole already), and those left out unless requested. */
export type Expansions = Record<string, Record<string, 'reference' | Include>>;

/** Parameters of every list. */
export const pageFields = {
  limit: integer({ min: 1, max: 100 }),
  starting_after: text(),
  ending_before: text(),
};

interface PageParams {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

export interface Page<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

const DEFAULT_LIMIT = 10;

/** Returns one page of what is listed, newest first. Throws 400 for a cursor that is not in it. */
export function pageOf<T extends { id: string }>(
  items: readonly T[],
  { params, path }: { params: PageParams; path: string },
): Page<T> {
  const { limit = DEFAULT_LIMIT, starting_after, ending_before } = params;
  if (ending_before !== undefined) {
    const end = positionOf(items, ending_before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: items.slice(start, end), has_more: start > 0, url: path };
  }
  const start = starting_after === undefined ? 0 : positionOf(items, starting_after, 'starting_after') + 1;
  return {
    object: 'list',
    data: items.slice(start, start + limit),
    has_more: items.length > start + limit,
    url: path,
  };
}

/** A list in an object, with everything in it. */
export function listOf<T>(data: T[], url: string): Page<T> {
  return { object: 'list', data, has_more: false, url };
}

function positionOf(items: readonly { id: string }[], id: string, param: string): number {
  const position = items.findIndex((item) => item.id === id);
  if (position < 0) throw noSuch('object', id, param);
  return position;
}

/** Whether a moment is in a range that a list is filtered by. */
export function isWithin(
  moment: number,
  range: { gt?: number; gte?: number; lt?: number; lte?: number } | undefined,
): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range ?? {};
  return moment > gt && moment >= gte && moment < lt && moment <= lte;
}

/** Applies metadata as Stripe does: keys are merged, an empty value removes its key, null removes all. */
export function mergedMetadata(
  before: Record<string, string>,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return before;
  if (change === null) return {};
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));
}
