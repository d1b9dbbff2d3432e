import type { WireAnswer } from '#simulator/wire.js';

/** X still uses the old host here. */
const TYPES = 'https://api.twitter.com/2/problems';

export interface ParameterProblem {
  parameters: Record<string, string[]>;
  message: string;
}

/** An error for the whole request, thrown by handlers. */
export class Problem extends Error {
  readonly #status: number;
  readonly #body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`Problem ${status}`);
    this.#status = status;
    this.#body = body;
  }

  answer(): WireAnswer {
    return {
      status: this.#status,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: this.#body,
    };
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** Returns a problem that only states its status. */
export function plainProblem(status: number): Problem {
  const title = TITLES[status] ?? 'Internal Server Error';
  return new Problem(status, { title, type: 'about:blank', status, detail: title });
}

export function invalidRequest(errors: readonly ParameterProblem[]): Problem {
  return new Problem(400, {
    errors,
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: `${TYPES}/invalid-request`,
  });
}

/** Returns the 402 for used-up credit. The account id is a number on the wire. */
export function creditsDepleted(): Problem {
  const accountId = 2_051_096_097_834_344_448n;
  return new Problem(402, {
    account_id: Number(accountId),
    title: 'CreditsDepleted',
    detail: `Your enrolled account [${accountId}] does not have any credits to fulfill this request.`,
    type: `${TYPES}/credits`,
  });
}

/** Returns the 403 for an operation outside the app's plan. */
export function clientForbidden(clientId: string): Problem {
  return new Problem(403, {
    client_id: clientId,
    required_enrollment: 'Appropriate Level of API Access',
    registration_url: 'https://developer.twitter.com/en/docs/projects/overview',
    title: 'Client Forbidden',
    detail: 'When authenticating requests to this endpoint, you must use an App that is enrolled for it.',
    reason: 'client-not-enrolled',
    type: `${TYPES}/client-forbidden`,
  });
}

export type ResourceType = 'tweet' | 'user';

/** The request value a partial error is about. */
export interface RequestedValue {
  parameter: string;
  value: string;
  type: ResourceType;
}

/** Returns the error for something missing or deleted. */
export function notFound({ parameter, value, type }: RequestedValue) {
  return {
    value,
    detail: `Could not find ${type} with ${parameter}: [${value}].`,
    title: 'Not Found Error',
    resource_type: type,
    parameter,
    resource_id: value,
    type: 'https://api.x.com/2/problems/resource-not-found',
  };
}

/** Returns the error for a field without access. */
export function fieldRefused({ parameter, value }: RequestedValue, field: string) {
  return {
    resource_type: 'tweet',
    field,
    parameter,
    resource_id: value,
    title: 'Field Authorization Error',
    section: 'data',
    detail: `Sorry, you are not authorized to access '${field}' on the Tweet with ${parameter} : [${value}].`,
    value,
    type: `${TYPES}/not-authorized-for-field`,
  };
}

/** Returns the error for another user's post. */
export function resourceRefused({ parameter, value, type }: RequestedValue) {
  return {
    value,
    detail: `Sorry, you are not authorized to see the Tweet with ${parameter}: [${value}].`,
    title: 'Authorization Error',
    resource_type: type,
    parameter,
    resource_id: value,
    section: 'data',
    type: `${TYPES}/not-authorized-for-resource`,
  };
}
