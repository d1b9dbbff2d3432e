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

interface SignedIn {
  signedIn: { accessToken: string };
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
    try {
      const { signedIn } = await this.ask<SignedIn>(signUp, { name, email, password, company });
      this.#accessToken = signedIn.accessToken;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
      await this.logIn({ email, password });
    }
  }

  /** Logs in. */
  async logIn({ email, password }: Pick<NewAccount, 'email' | 'password'>): Promise<void> {
    const logIn = /* GraphQL */ `mutation ($email: String!, $password: String!) {
      signedIn: logIn(email: $email, password: $password) { accessToken }
    }`;
    const { signedIn } = await this.ask<SignedIn>(logIn, { email, password });
    this.#accessToken = signedIn.accessToken;
  }

  /** Connects a simulated provider: gives consent as one of its users, follows the redirect, and completes. */
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
    const code = await this.#completionCode(`${this.#url}${pathname}${search}`);
    await this.ask(
      /* GraphQL */ `mutation ($code: String!) { completeConnection(code: $code) { connection { id } } }`,
      { code },
    );
  }

  /** Where there is a dashboard, its page would find the code in the fragment. */
  async #completionCode(callbackUrl: string): Promise<string> {
    const { status, headers, body } = await this.#http.send({ url: callbackUrl, isOurs: true, timeoutMs: TIMEOUT_MS });
    if (status === 303) {
      const fragment = new URLSearchParams(new URL(String(headers.location)).hash.slice(1));
      const code = fragment.get('code');
      if (code) return code;
      throw new AppError(`The consent ended with ${fragment.get('error')}.`, 'PROVIDER_UNAVAILABLE');
    }
    const { errors, ...received } = parseAnswer(status, body) as { code?: string; errors?: ApiError[] };
    throwFirst(errors);
    if (received.code) return received.code;
    throw new AppError(`The OAuth callback answered ${status}.`, 'SERVICE_UNAVAILABLE');
  }
}
