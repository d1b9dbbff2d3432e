/**
 * A REST resource: a method and a path, and the trusted operation that answers it. The answer is `{ "data": … }`; of a Relay
 * connection it is `{ "data": [nodes], "page": { hasNextPage, endCursor }, …the other fields of the connection }`. Errors that
 * leave a part of the data null are in `errors`, beside the data.
 */
export interface Resource {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/api/reports/{id}`. */
  path: string;
  /** What it does, in a few words. */
  summary: string;
  /** A name in `schema/operations`. */
  operation: string;
  /** The group it is listed under. */
  tag: ResourceTag;
  /** Where the answer is in the operation's data: `organization.campaigns`. A Relay connection there is sent as a page. */
  answer: string;
  /** Status of success; 200 by default, 204 = without a body. */
  status?: 200 | 201 | 202 | 204;
  /** The path of what was created, for the header `Location`, with fields of the answer in braces. */
  location?: string;
  /** Variables with the same value in every request: `{ providers: ['google-ads'] }`. */
  fixed?: Readonly<Record<string, unknown>>;
  /**
   * Where parameters of the path, the query or the body go whose names differ from those of the operation's variables:
   * `{ startDate: 'range.start' }`. Two names of one place are alternatives.
   */
  parameters?: Readonly<Record<string, string>>;
  /** What to say, with 409 and `Retry-After`, while the answer is null because it is still being made. */
  notReady?: string;
  /** Whether the answer may be null without an error: there is none yet. */
  isNullable?: boolean;
  /** Whether reading it may be a CONFLICT: the state of the organization does not admit the question. */
  mayConflict?: boolean;
  /** A media type besides JSON that `Accept` may prefer. */
  alsoAs?: 'text/csv';
  /** The field of the answer that `redirect=true` redirects to. */
  redirectTo?: string;
  /** Whether the answer must not be stored by any cache, as it contains a credential. */
  isSecret?: boolean;
}

/** The groups of resources, in the order of the documentation. */
export const resourceTags = [
  'authentication',
  'organization',
  'connections',
  'figures',
  'budgets',
  'reports',
  'billing',
  'webhooks',
] as const;
export type ResourceTag = (typeof resourceTags)[number];
