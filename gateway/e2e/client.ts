import { httpStatusOf } from '#gateway/http/http-status.js';

/** A client of the API. */
export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  get headers(): Record<string, string> {
    return { ...this.#headers };
  }

  as(accessToken: string): Client {
    return new Client(this.#url, { ...this.#headers, authorization: `Bearer ${accessToken}` });
  }

  with(headers: Record<string, string>): Client {
    return new Client(this.#url, { ...this.#headers, ...headers });
  }

  async post(query: string, variables: Record<string, unknown> = {}): Promise<{ response: Response; body: any }> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({ query, variables }),
    });
    return { response, body: await response.json() };
  }

  async ask(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<{ status: number; data: any; errors: any; code?: string }> {
    const { response, body } = await this.post(query, variables);
    const { data, errors } = body;
    return { status: response.status, data, errors, code: errors?.[0]?.extensions?.code };
  }

  /** Returns this client asking at another address. */
  at(url: string): Client {
    return new Client(url, this.#headers);
  }

  /** Signs a new person up and returns their client. */
  async signUp(
    name: string,
  ): Promise<{ client: Client; userId: string; organizationId: string; refreshToken: string }> {
    const { data, errors } = await this.ask(
      /* GraphQL */ `mutation ($name: String!, $email: String!) {
        signUp(name: $name, email: $email, password: "correct horse battery", companyName: "Company") {
          accessToken refreshToken user { id organization { id } }
        }
      }`,
      { name, email: `${name.toLowerCase()}-${crypto.randomUUID()}@example.com` },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    const { accessToken, refreshToken, user } = data.signUp;
    return { client: this.as(accessToken), userId: user.id, organizationId: user.organization.id, refreshToken };
  }

  /** Starts connecting a provider and decides at the consent page. Returns where that sends the person. */
  async consent(
    providerId: string,
    form: Record<string, string> = { decision: 'allow' },
    returnTo?: string,
  ): Promise<string> {
    const { data, errors } = await this.ask(
      /* GraphQL */ `mutation ($providerId: ID!, $returnTo: String) {
        authorizeConnection(providerId: $providerId, returnTo: $returnTo) { authorizeUrl }
      }`,
      { providerId, returnTo },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    const decided = await fetch(data.authorizeConnection.authorizeUrl, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(form),
    });
    return decided.headers.get('location') ?? `no redirect: ${decided.status} ${await decided.text()}`;
  }

  /** Follows the redirect of a consent page. Returns the completion code, or the answer that has none. */
  async receive(location: string): Promise<string | Response> {
    const response = await fetch(location, { redirect: 'manual' });
    if (response.status !== 200) return response;
    return ((await response.json()) as { code: string }).code;
  }

  /** Completes a consent. Returns the connection, or the errors with the status of the first. */
  async complete(code: string): Promise<Response> {
    const { response, body } = await this.post(
      /* GraphQL */ `mutation ($code: String!) {
        completeConnection(code: $code) { connection { id provider { id } accounts { name } } }
      }`,
      { code },
    );
    const [error] = body.errors ?? [];
    if (error) return Response.json(body, { status: httpStatusOf(error.extensions.code), headers: response.headers });
    return Response.json(body.data.completeConnection);
  }

  /** Follows the redirect of a consent page and completes the consent. */
  async finish(location: string): Promise<Response> {
    const code = await this.receive(location);
    return typeof code === 'string' ? this.complete(code) : code;
  }

  /** Connects a provider as a person would. */
  async connect(providerId: string, form?: Record<string, string>): Promise<Response> {
    return this.finish(await this.consent(providerId, form));
  }
}
