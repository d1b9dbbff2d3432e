interface CodeDescription {
  /** Of a request that is refused as a whole. */
  status: number;
  /** What the client should do, as in the manual. */
  remedy: string;
}

const correct: CodeDescription = { status: 400, remedy: 'correct the request' };
const requestLess: CodeDescription = {
  status: 400,
  remedy: 'request less at once: one of the [limits of an operation](limits.md)',
};

const sendText: CodeDescription = {
  status: 200,
  remedy: 'send the document with its hash, as clients with automatic persisted queries do by themselves',
};

/** Every `extensions.code` of the API, part of the public contract. `npm run schema` writes them into the manual. */
export const errorCodes = {
  BAD_USER_INPUT: { status: 400, remedy: 'change the arguments named in `details`' },
  GRAPHQL_PARSE_FAILED: correct,
  GRAPHQL_VALIDATION_FAILED: correct,
  OPERATION_RESOLUTION_FAILURE: correct,
  BAD_REQUEST: {
    status: 400,
    remedy: 'correct the request: the message and the status (408, 415, 431 and others) say what',
  },
  METHOD_NOT_ALLOWED: { status: 405, remedy: 'send one of the methods in the header `Allow`' },
  DEPTH_LIMIT_EXCEEDED: requestLess,
  ALIAS_LIMIT_EXCEEDED: requestLess,
  ROOT_FIELD_LIMIT_EXCEEDED: requestLess,
  MUTATION_LIMIT_EXCEEDED: requestLess,
  PASSWORD_LIMIT_EXCEEDED: requestLess,
  FIELD_LIMIT_EXCEEDED: requestLess,
  FRAGMENT_LIMIT_EXCEEDED: requestLess,
  VARIABLE_LIMIT_EXCEEDED: requestLess,
  NAME_LIMIT_EXCEEDED: requestLess,
  DIRECTIVE_LIMIT_EXCEEDED: requestLess,
  TOKEN_LIMIT_EXCEEDED: requestLess,
  COST_LIMIT_EXCEEDED: requestLess,
  PERSISTED_QUERY_NOT_FOUND: sendText,
  PERSISTED_QUERY_NOT_SUPPORTED: sendText,
  DOCUMENT_NOT_TRUSTED: {
    status: 403,
    remedy: 'send an operation of the manifest of your client: this installation runs no others',
  },
  INTROSPECTION_DISABLED: {
    status: 400,
    remedy: 'read `schema/api.graphql`: this installation does not answer introspection',
  },
  ANSWER_TOO_LARGE: {
    status: 400,
    remedy: 'ask for fewer items or fields at once: `data`, or the part of one subgraph, is null',
  },
  SIGNATURE_INVALID: {
    status: 400,
    remedy:
      'sign the body as it is sent, with a secret of this installation and the time it is: for programs that send events',
  },
  REQUEST_TOO_LARGE: { status: 413, remedy: 'send a smaller body' },
  CONFIRMATION_REQUIRED: { status: 401, remedy: 'check your mail: the link in it completes the sign-up' },
  UNAUTHENTICATED: { status: 401, remedy: 'log in (again); with an API key, have it checked' },
  TWO_FACTOR_REQUIRED: { status: 401, remedy: 'send the code as well: `completeLogIn` with `challenge`' },
  TWO_FACTOR_INVALID: { status: 401, remedy: 'try another code: it was wrong or used' },
  TWO_FACTOR_LOCKED: { status: 401, remedy: 'use a recovery code: there were a hundred wrong codes in a row' },
  TWO_FACTOR_SETUP_REQUIRED: {
    status: 403,
    remedy: 'set up two-factor sign-in first: your organization requires it',
  },
  FORBIDDEN: {
    status: 403,
    remedy: 'ask an administrator of your organization; an API key lacks `requiredScope`',
  },
  LIMIT_REACHED: {
    status: 403,
    remedy: 'use less, or change to the plan in `limit.planId`: `limit` has the name, what is used and what is allowed',
  },
  SUBSCRIPTION_REQUIRED: {
    status: 402,
    remedy: 'choose a plan: until then, data can be read and exported only',
  },
  PAYMENT_FAILED: {
    status: 402,
    remedy:
      'pay at `payment.url`, or with another card: `payment.declineCode` says why this one was refused. Nothing has changed',
  },
  PAYMENT_ACTION_REQUIRED: {
    status: 402,
    remedy: 'confirm the payment at `payment.url`: what it pays for happens then',
  },
  NOT_FOUND: { status: 404, remedy: "check the id. Another organization's object gets the same answer" },
  CONFLICT: {
    status: 409,
    remedy: 'it exists already, was changed meanwhile, or is not ready: reload, or wait `retryAfter` seconds',
  },
  SAVED_VIEW_INVALID: { status: 409, remedy: 'change the saved view: what it asks about is gone' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    remedy: 'use a new `Idempotency-Key`: this one was used for another request',
  },
  RECONNECT_REQUIRED: { status: 409, remedy: 'connect the provider again; retrying is of no use' },
  RATE_LIMITED: {
    status: 429,
    remedy: 'too much at once, for WebMetrics or for the provider: wait `retryAfter` seconds',
  },
  PROVIDER_UNAVAILABLE: {
    status: 502,
    remedy:
      'the provider fails, or failed so often that it is skipped for now: retry later, or after `retryAfter` seconds',
  },
  RESULT_UNKNOWN: {
    status: 504,
    remedy:
      'the answer of a provider was lost, so it is not known whether the change was made: read what has become of it, or send the same again after `retryAfter` seconds. It is made once',
  },
  SUBGRAPH_UNAVAILABLE: { status: 503, remedy: 'a part of WebMetrics is away; retry' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    remedy: 'a service WebMetrics needs is away, or it is too busy; retry after `retryAfter` seconds',
  },
  CONFIGURATION: {
    status: 500,
    remedy: 'a setting of this installation is missing or wrong: pass the message on to its operator',
  },
  INTERNAL_SERVER_ERROR: { status: 500, remedy: 'a fault of WebMetrics: report it with the request id' },
} as const satisfies Record<string, CodeDescription>;

export type ErrorCode = keyof typeof errorCodes;

const HEAD = '| Code | What to do | HTTP status of a refused request |\n|---|---|---|\n';

/** Returns the table of codes in Markdown, codes with the same remedy in one row. */
export function printErrorCodes(): string {
  const rows = new Map<CodeDescription, string[]>();
  for (const [code, description] of Object.entries<CodeDescription>(errorCodes)) {
    rows.set(description, [...(rows.get(description) ?? []), `\`${code}\``]);
  }
  return (
    HEAD + [...rows].map(([{ status, remedy }, codes]) => `| ${codes.join(' ')} | ${remedy} | ${status} |\n`).join('')
  );
}
