import type { WireAnswer } from '#simulator/wire.js';

/** Where X still says what a problem is: the old host stands in these addresses. */
const TYPES = 'https://api.twitter.com/2/problems';

export interface ParameterProblem {
  parameters: Record<string, string[]>;
  message: string;
}

/** A refusal of the whole request; thrown inside this folder, printed at its door. */
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

/** Returns a problem that says no more than its status does. */
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

/** The prepaid credit is spent. The account's id is a number here, as on the wire. */
export function creditsDepleted(): Problem {
  const accountId = 2_051_096_097_834_344_448n;
  return new Problem(402, {
    account_id: Number(accountId),
    title: 'CreditsDepleted',
    detail: `Your enrolled account [${accountId}] does not have any credits to fulfill this request.`,
    type: `${TYPES}/credits`,
  });
}

/** The app's plan does not include this operation. */
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

/** Which value of the request a part of the answer is missing for. */
export interface Asked {
  parameter: string;
  value: string;
  type: ResourceType;
}

/** Returns the entry for something that does not exist, or no longer. */
export function notFound({ parameter, value, type }: Asked) {
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

/** Returns the entry for one field the caller may not see. */
export function fieldRefused({ parameter, value }: Asked, field: string) {
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

/** Returns the entry for a post that is somebody else's. */
export function resourceRefused({ parameter, value, type }: Asked) {
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
