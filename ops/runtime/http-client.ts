import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { type FailureReason, failureReasonOf } from './failure-reason.js';
import type { Logger } from './logger.js';
import { watchOutbound } from './watch-outbound.js';

/** Why an outbound request got no answer at all. */
export class RequestFailed extends Error {
  readonly reason: FailureReason;

  constructor(reason: RequestFailed['reason'], origin: string, cause?: unknown) {
    const words: Record<FailureReason, string> = {
      timeout: 'did not answer in time',
      dns: 'has no address that can be found',
      tls: 'could not be reached over TLS',
      connection: 'could not be reached',
      'too-large': 'answered too much',
    };
    super(`${origin} ${words[reason]}`, { cause });
    this.name = 'RequestFailed';
    this.reason = reason;
  }
}

export interface OutboundRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** The whole request, all attempts included, ends by then. */
  timeoutMs?: number;
  /** Whether sending it twice does no harm: only then it is retried. */
  isIdempotent?: boolean;
  /** Whom it goes to, in the words of log and figures; undefined = its host is all there is to say. */
  provider?: string;
  /** Whether it goes to another part of WebMetrics, which logs and counts it. */
  isOurs?: boolean;
}

export interface OutboundResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 100;
const PASSING_STATUS = new Set([500, 502, 503, 504]);
const PASSING_REASONS = new Set<FailureReason>(['connection', 'dns']);

async function readBody(body: Dispatcher.ResponseData['body'], origin: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RequestFailed('too-large', origin);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Sends requests to services outside WebMetrics over kept-alive connections, with a deadline and careful retries. */
export class HttpClient {
  readonly #agent = new Agent({ connections: 64, keepAliveTimeout: 30_000 });
  readonly #logger: Logger | undefined;

  /** With a logger, each attempt gets a line. */
  constructor(logger?: Logger) {
    this.#logger = logger;
  }

  async #sendOnce(outbound: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    const { origin } = new URL(outbound.url);
    try {
      const response = await request(outbound.url, {
        dispatcher: this.#agent,
        method: outbound.method ?? 'GET',
        headers: outbound.headers,
        body: outbound.body,
        signal,
      });
      const body = await readBody(response.body, origin);
      return { status: response.statusCode, headers: response.headers, body };
    } catch (cause) {
      if (cause instanceof RequestFailed) throw cause;
      throw new RequestFailed(signal.aborted ? 'timeout' : failureReasonOf(cause), origin, cause);
    }
  }

  /**
   * Returns the answer, whatever its status. An idempotent request is tried up to three times on a lost connection or
   * a passing server error. Throws RequestFailed when there is no answer by the deadline.
   */
  async send(outbound: OutboundRequest): Promise<OutboundResponse> {
    const signal = AbortSignal.timeout(outbound.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const attempts = outbound.isIdempotent ? MAX_ATTEMPTS : 1;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await watchOutbound(outbound, attempt, this.#logger, (request) =>
        this.#sendOnce(request, signal),
      ).catch((error: RequestFailed) => error);
      const isPassing =
        outcome instanceof RequestFailed ? PASSING_REASONS.has(outcome.reason) : PASSING_STATUS.has(outcome.status);
      if (isPassing && attempt < attempts && !signal.aborted) {
        const backoffMs = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
        await wait(backoffMs, undefined, { signal }).catch(() => {});
        continue;
      }
      if (outcome instanceof RequestFailed) throw outcome;
      return outcome;
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}
