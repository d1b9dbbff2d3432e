import type { Readable } from 'node:stream';
import { Client, type Dispatcher, Pool } from 'undici';
import type { GatewayContext } from '#gateway/context.js';
import type { CachePolicy } from '#kit/cache-policy.js';
import type { SubgraphRequest, SubgraphResponse } from '#kit/executor.js';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { AnswerTooLarge, AppError, type AppErrorOptions, type ErrorCode } from '#runtime/errors.js';
import type { TokenSigner } from '#runtime/identity/identity.js';
import { currentTraceparent } from '#runtime/scope/spans.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

export interface HttpDataSourceOptions {
  name: string;
  url: string;
  /** Signs the identity of the caller; undefined = an open subgraph without credentials. */
  signer?: TokenSigner;
  timeoutMs?: number;
  /** Larger answers are refused while they arrive; undefined = any size. */
  maxBytes?: number;
}

const TIMEOUT_MS = 30_000;
const CONNECTIONS = 128;
const KEEP_ALIVE_MS = 30_000;
/** For the first bytes of a file, which may wait for its turn. */
const FILE_TIMEOUT_MS = 120_000;

/** Reads the `Cache-Control` of our subgraphs; an answer without it is not cacheable. */
function cachePolicyIn(header: string | string[] | undefined): CachePolicy {
  const text = String(header ?? '');
  const maxAge = Number(/max-age=(\d+)/.exec(text)?.[1] ?? 0);
  return { maxAge, scope: text.includes('public') ? 'PUBLIC' : 'PRIVATE' };
}

/** Codes of a connection that the other side closed, as it may when the connection was idle. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const QUERY = /^\s*(query\b|\{)/;

/** Whether a request may be sent once more: a query whose connection was closed, or anything that was never sent. */
function mayAskAgain({ query }: SubgraphRequest, error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ECONNREFUSED' || (CLOSED.has(String(code)) && QUERY.test(query));
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

/** Sends operations over HTTP: one keep-alive pool, a deadline, a signed identity, and once more where that is harmless. */
export class HttpDataSource extends SubgraphDataSource {
  readonly #options: HttpDataSourceOptions;
  readonly #pool: Pool;
  readonly #path: string;

  constructor(options: HttpDataSourceOptions) {
    super();
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

  /** A client that disconnects ends the work of the subgraph as well. */
  #signalOf({ watch }: GatewayContext): AbortSignal {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    return watch ? AbortSignal.any([deadline, watch.disconnection.signal]) : deadline;
  }

  #unavailable(why: string, cause?: unknown): AppError {
    return new AppError(`The subgraph ${this.#options.name} ${why}.`, 'SUBGRAPH_UNAVAILABLE', { cause });
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

  async #send(body: string, headers: Record<string, string>, signal: AbortSignal) {
    const response = await this.#pool.request({ method: 'POST', path: this.#path, headers, body, signal });
    return { headers: response.headers, status: response.statusCode, text: await this.#read(response.body) };
  }

  async #post(request: SubgraphRequest, context: GatewayContext) {
    try {
      const signal = this.#signalOf(context);
      const send = async () => this.#send(JSON.stringify(request), await this.#headers(context), signal);
      return await send().catch((error: unknown) => {
        if (!mayAskAgain(request, error)) throw error;
        return send();
      });
    } catch (cause) {
      if (cause instanceof AnswerTooLarge) throw cause;
      const isTimeout = (cause as Error).name === 'TimeoutError';
      throw this.#unavailable(isTimeout ? 'did not answer in time' : 'cannot be reached', cause);
    }
  }

  async execute(request: SubgraphRequest, context: GatewayContext): Promise<SubgraphResponse> {
    const { headers, status, text } = await this.#post(request, context);
    let response: Omit<SubgraphResponse, 'cachePolicy'> | undefined;
    try {
      response = JSON.parse(text);
    } catch {
      // Reported below.
    }
    if (!response || typeof response !== 'object' || !('data' in response || 'errors' in response)) {
      throw this.#unavailable(`answered ${status} without a GraphQL response`);
    }
    return { ...response, cachePolicy: cachePolicyIn(headers['cache-control']) };
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
      throw this.#unavailable('cannot be reached', error);
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
