import { AppError, type ErrorCode } from '#runtime/errors.js';
import { type HttpClient, RequestFailed } from '#runtime/http/http-client.js';

/** The account to sign up. */
export interface NewAccount {
  email: string;
  password: string;
  name: string;
  company: string;
}

interface ApiError {
  message: string;
  extensions: { code: ErrorCode; retryAfter?: number };
}

/** A busy machine answers within this time. */
const TIMEOUT_MS = 30_000;

const PASSING_CODES = new Set<ErrorCode>([
  'RATE_LIMITED',
  'SUBGRAPH_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
]);

/** Whether the same call can succeed later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof RequestFailed) return error.reason !== 'too-large';
  return error instanceof AppError && PASSING_CODES.has(error.code);
}

function parseAnswer(status: number, body: string): { data?: unknown; errors?: ApiError[] } {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError(`The API answered ${status} without JSON.`, 'SERVICE_UNAVAILABLE', { cause });
  }
}

function throwFirst(errors: ApiError[] | undefined): void {
  const [error] = errors ?? [];
  if (!error) return;
  const { code, retryAfter } = error.extensions;
  throw new AppError(error.message, code, { retryAfter });
}

/** A client of the public API, signed in as one user. */
export class ApiClient {
  readonly #http: HttpClient;
  readonly #url: string;
  #accessToken: string | undefined;

  constructor(http: HttpClient, url: string) {
    this.#http = http;
    this.#url = url;
  }

  /** Runs an operation. Throws AppError with the code of its first error, RequestFailed without an answer. */
  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { status, body } = await this.#http.send({
      method: 'POST',
      url: `${this.#url}/graphql`,
      isOurs: true,
      timeoutMs: TIMEOUT_MS,
      headers: {
        'content-type': 'application/json',
        ...(this.#accessToken && { authorization: `Bearer ${this.#accessToken}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = parseAnswer(status, body);
    throwFirst(errors);
    return data as Data;
  }

  /** Signs up, or logs in when the account exists. */
  async signIn({ email, password, name, company }: NewAccount): Promise<void> {
    const signUp = /* GraphQL */ `mutation ($name: String!, $email: String!, $password: String!, $company: String!) {
      signedIn: signUp(name: $name, email: $email, password: $password, companyName: $company) { accessToken }
    }`;
    const logIn = /* GraphQL */ `mutation ($email: String!, $password: String!) {
      signedIn: logIn(email: $email, password: $password) { accessToken }
    }`;
    type SignedIn = { signedIn: { accessToken: string } };
    const { signedIn } = await this.ask<SignedIn>(signUp, { name, email, password, company }).catch((error) => {
      if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
      return this.ask<SignedIn>(logIn, { email, password });
    });
    this.#accessToken = signedIn.accessToken;
  }

  /** Connects a simulated provider: gives consent as one of its users and follows the redirect. */
  async connect(providerId: string, person = 'nora'): Promise<void> {
    const { authorizeConnection } = await this.ask<{ authorizeConnection: { authorizeUrl: string } }>(
      /* GraphQL */ `mutation ($providerId: ID!) { authorizeConnection(providerId: $providerId) { authorizeUrl } }`,
      { providerId },
    );
    const consent = await this.#http.send({
      method: 'POST',
      url: authorizeConnection.authorizeUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ decision: 'allow', person }).toString(),
      timeoutMs: TIMEOUT_MS,
    });
    const { location } = consent.headers;
    if (!location) throw new AppError(`The consent page answered ${consent.status}.`, 'PROVIDER_UNAVAILABLE');
    const { pathname, search } = new URL(String(location));
    const callback = await this.#http.send({
      url: `${this.#url}${pathname}${search}`,
      isOurs: true,
      timeoutMs: TIMEOUT_MS,
    });
    if (callback.status === 200) return;
    throwFirst(parseAnswer(callback.status, callback.body).errors);
    throw new AppError(`The OAuth callback answered ${callback.status}.`, 'SERVICE_UNAVAILABLE');
  }
}
