import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { Pool } from 'undici';
import type { GatewayContext } from '#gateway/context.js';
import type { CachePolicy } from '#kit/cache-policy.js';
import { AppError } from '#runtime/errors.js';
import type { IdentitySigner } from '#runtime/identity/identity.js';
import { currentTraceparent } from '#runtime/scope/spans.js';
import { restrictCachePolicy } from './restrict-cache-policy.js';

export interface HttpDataSourceOptions {
  name: string;
  url: string;
  /** Signs the caller's identity for the subgraph; undefined = the subgraph is open and gets no credentials. */
  signer?: IdentitySigner;
  timeoutMs?: number;
}

type Response = Awaited<ReturnType<GraphQLDataSource['process']>>;

const TIMEOUT_MS = 30_000;
const CONNECTIONS = 128;
const KEEP_ALIVE_MS = 30_000;

/** Reads `Cache-Control` as a subgraph of ours writes it; without it nothing may be remembered. */
function cachePolicyIn(header: string | string[] | undefined): CachePolicy {
  const text = String(header ?? '');
  const maxAge = Number(/max-age=(\d+)/.exec(text)?.[1] ?? 0);
  return { maxAge, scope: text.includes('public') ? 'PUBLIC' : 'PRIVATE' };
}

/** Reaches a subgraph over HTTP: one keep-alive pool, a deadline, and the caller's identity signed for this subgraph. */
export class HttpDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #options: HttpDataSourceOptions;
  readonly #pool: Pool;
  readonly #path: string;

  constructor(options: HttpDataSourceOptions) {
    const { origin, pathname, search } = new URL(options.url);
    this.#options = options;
    this.#path = pathname + search;
    this.#pool = new Pool(origin, { connections: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS });
  }

  async #headers({ identity }: GatewayContext): Promise<Record<string, string>> {
    const { signer, name } = this.#options;
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    if (!signer) return headers;
    const token = await signer.sign(identity, name);
    const traceparent = currentTraceparent();
    return {
      ...headers,
      authorization: `Bearer ${token}`,
      'x-request-id': identity.requestId,
      ...(traceparent && { traceparent }),
    };
  }

  #unavailable(why: string, cause?: unknown): AppError {
    return new AppError(`The subgraph ${this.#options.name} ${why}.`, 'SUBGRAPH_UNAVAILABLE', { cause });
  }

  async #post(body: string, context: GatewayContext) {
    try {
      const response = await this.#pool.request({
        method: 'POST',
        path: this.#path,
        headers: await this.#headers(context),
        body,
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS),
      });
      return { headers: response.headers, status: response.statusCode, text: await response.body.text() };
    } catch (cause) {
      const isTimeout = (cause as Error).name === 'TimeoutError';
      throw this.#unavailable(isTimeout ? 'did not answer in time' : 'cannot be reached', cause);
    }
  }

  async process(options: GraphQLDataSourceProcessOptions<GatewayContext>): Promise<Response> {
    const { query, variables, operationName } = options.request;
    const body = JSON.stringify({ query, variables, operationName });
    const { headers, status, text } = await this.#post(body, options.context as GatewayContext);
    let response: Response | undefined;
    try {
      response = JSON.parse(text) as Response;
    } catch {
      // Reported below, like any other answer that is not GraphQL.
    }
    if (!response || typeof response !== 'object' || !('data' in response || 'errors' in response)) {
      throw this.#unavailable(`answered ${status} without a GraphQL response`);
    }
    restrictCachePolicy(options, cachePolicyIn(headers['cache-control']));
    return response;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
