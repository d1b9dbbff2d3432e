/** A REST resource: a method and a path, and the trusted operation that answers it. */
export interface Resource {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/api/reports/{id}`. */
  path: string;
  /** A name in `schema/operations`. Its description says what the resource is. */
  operation: string;
  /** The group it is listed under. */
  tag: ResourceTag;
  /** Where the answer is in the operation's data: `organization.campaigns`. A Relay connection there is sent as a page. */
  answer: string;
  /** Status of success; 200 by default, 204 = without a body. */
  status?: 200 | 201 | 202 | 204;
  /**
   * Where parameters of the path, the query or the body go whose names differ from those of the operation's variables:
   * `{ startDate: 'range.start' }`.
   */
  parameters?: Readonly<Record<string, string>>;
}

export const resourceTags = [
  'authentication',
  'organization',
  'connections',
  'figures',
  'reports',
  'billing',
  'webhooks',
] as const;
export type ResourceTag = (typeof resourceTags)[number];
