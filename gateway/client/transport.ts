import { Deadline } from './deadline.js';
import { WebMetricsError } from './errors.js';
import type { Session } from './session.js';

/** Options of every call. */
export interface CallOptions {
  /** Ends the call: it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** For the whole call with its retries; of a stream, until it opens. Default: 60 seconds. */
  timeoutMs?: number;
  /** Retries at most. Default: 3. */
  retries?: number;
}

export interface Call<Result> {
  path: string;
  /** By default GET, and POST with a body. */
  method?: 'PUT';
  body?: string | Blob;
  headers: Record<string, string>;
  /** Whether it may be sent again when it is unknown what became of it. */
  isRepeatable: boolean;
  /** Whether the answer is read after the call. */
  isStream?: boolean;
  /** Whether it is of use without credentials. */
  isSignIn?: boolean;
  /** Returns the result, or throws a WebMetricsError. */
  read(response: Response, deadline: Deadline): Promise<Result>;
}

export interface TransportOptions {
  url: string;
  fetch: typeof fetch;
  headers: Record<string, string>;
  /** undefined = an API key. */
  session: Session | undefined;
  authorization: () => Promise<string | undefined>;
  timeoutMs: number;
  retries: number;
}

const BASE_DELAY_MS = 300;
const MAX_DELAY_MS = 20_000;
const MAX_RETRY_AFTER_SECONDS = 60;

/**
 * How long to wait before a retry: "full jitter", or what the server asks for and up to a fifth more, so that clients that were
 * refused together do not return together.
 */
export function delayMs(retryAfter: number | undefined, attempt: number, random = Math.random): number {
  if (retryAfter !== undefined) return retryAfter * 1_000 * (1 + random() / 5);
  return random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);
}

/** Sends requests, with credentials, a deadline and retries. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async #attempt<Result>(call: Call<Result>, token: string | undefined, deadline: Deadline): Promise<Result> {
    const { url, fetch, headers } = this.#options;
    let response: Response;
    try {
      response = await fetch(url + call.path, {
        method: call.method ?? (call.body === undefined ? 'GET' : 'POST'),
        headers: { ...headers, ...call.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: call.body,
        signal: deadline.signal,
        redirect: 'error',
        credentials: 'omit',
      });
      return await call.read(response, deadline);
    } catch (cause) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      if (cause instanceof WebMetricsError) throw cause;
      throw new WebMetricsError('WebMetrics cannot be reached.', 'NETWORK_ERROR', { cause });
    }
  }

  /** Makes a call. Rejects with a WebMetricsError, or the reason of the caller's signal. */
  async send<Result>(call: Call<Result>, options: CallOptions = {}): Promise<Result> {
    const { session, authorization } = this.#options;
    const { timeoutMs = this.#options.timeoutMs, retries = this.#options.retries } = options;
    const deadline = new Deadline(timeoutMs, options.signal);
    let wasRenewed = false;
    let isOpen = false;
    try {
      for (let attempt = 0; ; ) {
        const token = await deadline.race(authorization());
        try {
          const result = await this.#attempt(call, token, deadline);
          isOpen = call.isStream === true;
          return result;
        } catch (error) {
          if (!(error instanceof WebMetricsError) || error.code === 'DEADLINE_EXCEEDED') throw error;
          // Refused as a whole: nothing was executed.
          const isRefused = error.status === 401 && error.code === 'UNAUTHENTICATED' && token !== undefined;
          if (isRefused && session && !wasRenewed) {
            wasRenewed = true;
            if ((await deadline.race(session.renew(token))) || call.isSignIn) continue;
          }
          const waitMs = delayMs(error.retryAfter, attempt);
          const isWorthIt = error.isTemporary && (error.retryAfter ?? 0) <= MAX_RETRY_AFTER_SECONDS;
          if (!call.isRepeatable || !isWorthIt || attempt >= retries || waitMs >= deadline.remainingMs) throw error;
          attempt += 1;
          await deadline.wait(waitMs);
        }
      }
    } finally {
      if (isOpen) deadline.lift();
      else deadline.clear();
    }
  }
}
