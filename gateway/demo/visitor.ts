import { AppError, type ErrorCode } from '#runtime/errors.js';
import type { HttpClient } from '#runtime/http/http-client.js';

/** Who signs up. */
export interface Newcomer {
  email: string;
  password: string;
  name: string;
  company: string;
}

/** Someone who uses the API as any client does. */
export class Visitor {
  readonly #http: HttpClient;
  readonly #url: string;
  #accessToken: string | undefined;

  constructor(http: HttpClient, url: string) {
    this.#http = http;
    this.#url = url;
  }

  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { body } = await this.#http.send({
      method: 'POST',
      url: `${this.#url}/graphql`,
      isOurs: true,
      headers: {
        'content-type': 'application/json',
        ...(this.#accessToken && { authorization: `Bearer ${this.#accessToken}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = JSON.parse(body) as {
      data: Data;
      errors?: { message: string; extensions: { code: ErrorCode } }[];
    };
    const [error] = errors ?? [];
    if (error) throw new AppError(error.message, error.extensions.code);
    return data;
  }

  /** Signs up, or logs in where that was done before. */
  async signIn({ email, password, name, company }: Newcomer): Promise<void> {
    const signUp = /* GraphQL */ `mutation ($name: String!, $email: String!, $password: String!, $company: String!) {
      signedIn: signUp(name: $name, email: $email, password: $password, companyName: $company) { accessToken }
    }`;
    const logIn = /* GraphQL */ `mutation ($email: String!, $password: String!) {
      signedIn: logIn(email: $email, password: $password) { accessToken }
    }`;
    type SignedIn = { signedIn: { accessToken: string } };
    const { signedIn } = await this.ask<SignedIn>(signUp, { name, email, password, company }).catch(() =>
      this.ask<SignedIn>(logIn, { email, password }),
    );
    this.#accessToken = signedIn.accessToken;
  }

  /** Consents at the simulator as one of its people would: presses Allow and follows the way back. */
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
    });
    const { pathname, search } = new URL(String(consent.headers.location));
    const callback = await this.#http.send({ url: `${this.#url}${pathname}${search}`, isOurs: true });
    if (callback.status !== 200)
      throw new Error(`connecting ${providerId} answered ${callback.status}: ${callback.body}`);
  }
}
