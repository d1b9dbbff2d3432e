import type { Readable } from 'node:stream';
import { Client, type Dispatcher, Pool } from 'undici';
import type { GatewayContext } from '#gateway/context.js';
import type { CachePolicy } from '#kit/cache-policy.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { AnswerTooLarge, AppError, type AppErrorOptions, type ErrorCode } from '#runtime/errors.js';
import { DEADLINE_HEADER } from '#runtime/http/deadline.js';
import type { Identity, TokenSigner } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { anySignal } from '#runtime/scope/any-signal.js';
import { currentTraceparent } from '#runtime/scope/spans.js';
import { type HttpAnswer, type HttpCall, HttpResilience, isTransient } from './http-resilience.js';
import { QUERY } from './share-fetches.js';
import { SubgraphDataSource } from './subgraph-data-source.js';
import { SubgraphUnavailable } from './subgraph-unavailable.js';

export interface HttpDataSourceOptions {
  name: string;
  url: string;
  /** Signs the identity of the caller; undefined = an open subgraph without credentials. */
  signer?: TokenSigner;
  timeoutMs?: number;
  /** Larger answers are refused while they arrive; undefined = any size. */
  maxBytes?: number;
  logger?: Logger;
}

const TIMEOUT_MS = 30_000;
const CONNECTIONS = 128;
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** For all parts of an operation together, from the arrival of its request. */
const OPERATION_TIMEOUT_MS = 60_000;
/** Calls that wait for one of the connections. */
const MAX_QUEUED = 1_000;
/** Less than the life of the token. */
const SIGNED_FOR_MS = 20_000;
/** For the first bytes of a file, which may wait for its turn. */
const FILE_TIMEOUT_MS = 120_000;

/** Reads the `Cache-Control` of our subgraphs; an answer without it is not cacheable. */
function cachePolicyIn(header: string | string[] | undefined): CachePolicy {
  const text = String(header ?? '');
  const maxAge = Number(/max-age=(\d+)/.exec(text)?.[1] ?? 0);
  return { maxAge, scope: text.includes('public') ? 'PUBLIC' : 'PRIVATE' };
}

/** Returns the error with which a subgraph refuses a file. */
function refusalIn(text: string, name: string): AppError {
  try {
    const { errors } = JSON.parse(text) as { errors: { message: string; extensions: { code: ErrorCode } }[] };
    const [{ message, extensions }] = errors as [(typeof errors)[0]];
    const { code, ...options } = extensions as { code: ErrorCode } & AppErrorOptions;
    return new AppError(message, code, options);
  } catch (cause) {
    return new AppError(`The subgraph ${name} answered without a file.`, 'SUBGRAPH_UNAVAILABLE', { cause });
  }
}

/** Returns the GraphQL response in a text; undefined for any other text. */
function responseIn(text: string): Omit<SubgraphResponse, 'cachePolicy'> | undefined {
  try {
    const response = JSON.parse(text);
    const isResponse =
      typeof response === 'object' && response !== null && ('data' in response || 'errors' in response);
    return isResponse ? response : undefined;
  } catch {
    return undefined;
  }
}

interface Signed {
  authorization: Promise<string>;
  at: number;
}

/**
 * Sends operations over HTTP: one keep-alive pool, a deadline that is passed on, a signed identity; again where that is harmless, and
 * not while the subgraph keeps failing.
 */
export class HttpDataSource extends SubgraphDataSource {
  readonly #options: HttpDataSourceOptions;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #resilience: HttpResilience;
  /** The parts of one operation have one identity. */
  readonly #signed = new WeakMap<Identity, Signed>();

  constructor(options: HttpDataSourceOptions) {
    super();
    const { origin, pathname, search } = new URL(options.url);
    this.#options = options;
    this.#path = pathname + search;
    this.#pool = new Pool(origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    });
    this.#resilience = new HttpResilience(options.name, options.logger);
  }

  #authorizationOf(identity: Identity, signer: TokenSigner): Promise<string> {
    const known = this.#signed.get(identity);
    if (known && performance.now() - known.at < SIGNED_FOR_MS) return known.authorization;
    const authorization = signer.sign(identity, this.#options.name).then((token) => `Bearer ${token}`);
    this.#signed.set(identity, { authorization, at: performance.now() });
    return authorization;
  }

  async #headers({ identity }: GatewayContext, timeoutMs?: number): Promise<Record<string, string>> {
    const { signer } = this.#options;
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    if (!signer) return headers;
    const authorization = await this.#authorizationOf(identity, signer);
    const traceparent = currentTraceparent();
    return {
      ...headers,
      authorization,
      'x-request-id': identity.requestId,
      ...(timeoutMs !== undefined && { [DEADLINE_HEADER]: String(Math.max(1, Math.floor(timeoutMs))) }),
      ...(traceparent && { traceparent }),
    };
  }

  /** A client that disconnects ends the work of the subgraph as well. */
  #callOf({ query }: SubgraphRequest, { watch }: GatewayContext): HttpCall {
    const now = performance.now();
    const fullMs = this.#options.timeoutMs ?? TIMEOUT_MS;
    const leftMs = watch ? watch.startedAt + OPERATION_TIMEOUT_MS - now : fullMs;
    const timeoutMs = Math.max(0, Math.min(fullMs, leftMs));
    const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
    return {
      isQuery: QUERY.test(query),
      signal: watch ? anySignal(timeout, watch.disconnection.signal) : timeout,
      endsAt: now + timeoutMs,
      isFullTime: timeoutMs === fullMs,
    };
  }

  /** Leaving the loop early closes the connection. */
  async #read(body: AsyncIterable<Buffer>): Promise<string> {
    const { name, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new AnswerTooLarge(`The answer of the subgraph ${name}`, maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }

  async #send(body: string, context: GatewayContext, { signal, endsAt }: HttpCall): Promise<HttpAnswer> {
    const { name } = this.#options;
    if (this.#pool.stats.queued >= MAX_QUEUED)
      throw new SubgraphUnavailable(name, 'OVERLOADED', { retryAfter: 1 }, false);
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) throw new SubgraphUnavailable(name, 'TIMEOUT', {}, false);
    const headers = await this.#headers(context, leftMs);
    const response = await this.#pool.request({ method: 'POST', path: this.#path, headers, body, signal });
    return { headers: response.headers, status: response.statusCode, text: await this.#read(response.body) };
  }

  async execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse> {
    const call = this.#callOf(request, context);
    const body = JSON.stringify(request);
    const { headers, status, text } = await this.#resilience.run(call, async () => {
      const answer = await this.#send(body, context, call);
      // Where only a failing server or proxy sends none.
      if (answer.status >= 500 && !isTransient(answer) && !responseIn(answer.text)) throw this.#invalid(answer.status);
      return answer;
    });
    const response = responseIn(text);
    if (!response) throw this.#invalid(status);
    return { ...response, cachePolicy: cachePolicyIn(headers['cache-control']) };
  }

  #invalid(status: number): SubgraphUnavailable {
    const cause = new Error(`It answered ${status}.`);
    return new SubgraphUnavailable(this.#options.name, 'INVALID_ANSWER', { cause }, status >= 500);
  }

  /** On a connection of its own, so that clients who read slowly take none from operations. */
  override async openFile(request: FileRequest, context: GatewayContext): Promise<FileAnswer> {
    const { origin, pathname } = new URL('files', this.#options.url);
    const headers = await this.#headers(context);
    const client = new Client(origin, { headersTimeout: FILE_TIMEOUT_MS, bodyTimeout: FILE_TIMEOUT_MS });
    const end = () => void client.destroy().catch(() => {});
    try {
      const signal = context.watch?.disconnection.signal;
      const body = JSON.stringify(request);
      const response = await client.request({ method: 'POST', path: pathname, headers, body, signal });
      response.body.once('close', end);
      return await this.#fileIn(response, request);
    } catch (error) {
      end();
      if (error instanceof AppError) throw error;
      throw new SubgraphUnavailable(this.#options.name, 'UNREACHABLE', { cause: error });
    }
  }

  async #fileIn({ statusCode, headers, body }: Dispatcher.ResponseData, { isHead }: FileRequest): Promise<FileAnswer> {
    const isKnown = statusCode === 304;
    if (statusCode !== 200 && !isKnown) throw refusalIn(await body.text(), this.#options.name);
    const hasBody = !isKnown && !isHead;
    if (!hasBody) await body.dump();
    return {
      name: decodeURIComponent(String(headers['x-file-name'] ?? '')),
      type: String(headers['content-type'] ?? ''),
      etag: String(headers.etag ?? ''),
      body: hasBody ? (body as Readable) : null,
      isKnown,
    };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
