import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { Logger } from '#runtime/log/logger.js';
import { type FailureReason, failureReasonOf } from './failure-reason.js';
import { type ObservedRequest, watchOutbound } from './watch-outbound.js';

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

export interface OutboundRequest extends ObservedRequest {
  body?: string;
  /** Of all attempts together. */
  timeoutMs?: number;
  /** Whether sending it twice does no harm: only then it is retried. */
  isIdempotent?: boolean;
  /** Runs before each attempt with the milliseconds left for all of them. What it throws ends the request. */
  beforeEach?(msLeft: number): Promise<void>;
}

export interface OutboundResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 200;
const MIN_BACKOFF_MS = 20;
const TRANSIENT_STATUS = new Set([500, 502, 503, 504]);
const TRANSIENT_REASONS = new Set<FailureReason>(['connection', 'dns']);

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

/** Exponential with full jitter, so that clients that failed together do not return together; `Retry-After` adds to it. */
function backoffOf(outcome: OutboundResponse | RequestFailed, attempt: number): number {
  const jitterMs = Math.max(MIN_BACKOFF_MS, Math.random() * FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  const retryAfter = outcome instanceof RequestFailed ? undefined : outcome.headers['retry-after'];
  if (retryAfter === undefined) return jitterMs;
  const seconds = /^\d{1,9}$/.test(String(retryAfter)) ? Number(retryAfter) : Number.POSITIVE_INFINITY;
  return seconds * 1000 + jitterMs;
}

/** Sends outbound requests over kept-alive connections, with a deadline and retries. */
export class HttpClient {
  readonly #agent = new Agent({ connections: 64, keepAliveTimeout: 30_000 });
  readonly #logger: Logger | undefined;

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
   * Returns the response, whatever its status. An idempotent request is tried up to three times on a lost connection or a
   * transient server error, never sooner than `Retry-After`. Throws RequestFailed when there is no response by the
   * deadline, and what `beforeEach` throws.
   */
  async send(outbound: OutboundRequest): Promise<OutboundResponse> {
    const timeoutMs = outbound.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const endsAt = performance.now() + timeoutMs;
    const signal = AbortSignal.timeout(timeoutMs);
    const attempts = outbound.isIdempotent ? MAX_ATTEMPTS : 1;
    for (let attempt = 1; ; attempt += 1) {
      await outbound.beforeEach?.(Math.max(0, endsAt - performance.now()));
      const outcome = await watchOutbound(outbound, attempt, this.#logger, (request) =>
        this.#sendOnce(request, signal),
      ).catch((error: RequestFailed) => error);
      const isTransient =
        outcome instanceof RequestFailed ? TRANSIENT_REASONS.has(outcome.reason) : TRANSIENT_STATUS.has(outcome.status);
      const backoffMs = backoffOf(outcome, attempt);
      if (isTransient && attempt < attempts && performance.now() + backoffMs < endsAt) {
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
