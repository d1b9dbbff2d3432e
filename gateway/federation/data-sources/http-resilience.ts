import { setTimeout as wait } from 'node:timers/promises';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { AppError } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { observeCircuit, observeSubgraphRetry } from '#runtime/telemetry/observe-calls.js';
import { SubgraphUnavailable } from './subgraph-unavailable.js';

/** The answer of a subgraph, whatever its status. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface HttpCall {
  /** Whether sending it again does no harm. */
  isQuery: boolean;
  /** Aborted when the client disconnects, and when the time is over. */
  signal: AbortSignal;
  /** When the time is over, as of `performance.now()`. */
  endsAt: number;
  /** Whether the time was that of any call, and not what was left of a longer operation. */
  isFullTime: boolean;
}

/** Failures in a row, each after all attempts, that open the circuit. */
const FAILURES_TO_OPEN = 5;
/** Until one call tries a circuit that is open. */
const HALF_OPEN_AFTER_MS = 2_000;
const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 50;
const MIN_BACKOFF_MS = 10;

/** Codes of requests that never left. */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'],
]);
/** Codes of a connection that the other side closed, as it may when the connection was idle. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const TRANSIENT_STATUS = new Set([502, 503, 504]);

/** Whether the server, or a proxy before it, has not run the request to its end. */
export const isTransient = ({ status }: HttpAnswer) => TRANSIENT_STATUS.has(status);

type Outcome = { answer: HttpAnswer } | { error: unknown };

/** Whether a call may be sent once more: a query that was not answered, or anything that was never sent. */
function mayRepeat({ isQuery }: HttpCall, outcome: Outcome): boolean {
  if ('answer' in outcome) return isQuery && isTransient(outcome.answer);
  const { code } = outcome.error as { code?: string };
  return NEVER_SENT.has(`${code}`) || (isQuery && CLOSED.has(`${code}`));
}

/** Exponential with full jitter; never sooner than `Retry-After` (RFC 9110 §10.2.3). */
function backoffMs(outcome: Outcome, attempt: number): number {
  const jitterMs = Math.max(MIN_BACKOFF_MS, Math.random() * FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  const header = 'answer' in outcome ? outcome.answer.headers['retry-after'] : undefined;
  if (header === undefined) return jitterMs;
  const text = String(header);
  const afterMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return jitterMs + (Number.isNaN(afterMs) ? Number.POSITIVE_INFINITY : Math.max(0, afterMs));
}

/** Calls of one subgraph: repeated where that is harmless, and refused while the subgraph keeps failing. */
export class HttpResilience {
  readonly #name: string;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(name: string, logger: Logger | undefined) {
    this.#name = name;
    this.#breaker = circuitBreaker(
      handleWhen((error) => this.#isFailure(error)).orWhenResult((answer) => isTransient(answer as HttpAnswer)),
      { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
    );
    observeCircuit(name, false);
    this.#breaker.onBreak(() => {
      observeCircuit(name, true);
      logger?.warn({ subgraph: name }, 'Circuit opened: the subgraph keeps failing');
    });
    this.#breaker.onReset(() => {
      observeCircuit(name, false);
      logger?.info({ subgraph: name }, 'Circuit closed: the subgraph answers again');
    });
  }

  #isFailure(error: Error): boolean {
    return error instanceof SubgraphUnavailable && error.isFailure;
  }

  /** Failures that are none of the subgraph: of a client that disconnects, and of an operation with little time left. */
  #failureOf(error: unknown, { signal, isFullTime }: HttpCall): unknown {
    const { name } = (error ?? {}) as Error;
    const isOurs = error instanceof AppError || (!signal.aborted && (error as { code?: unknown }).code === undefined);
    if (isOurs) return error;
    if (name === 'TimeoutError') return new SubgraphUnavailable(this.#name, 'TIMEOUT', { cause: error }, isFullTime);
    return new SubgraphUnavailable(this.#name, 'UNREACHABLE', { cause: error }, !signal.aborted);
  }

  async #attempts(call: HttpCall, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome: Outcome = await send().then(
        (answer) => ({ answer }),
        (error: unknown) => ({ error }),
      );
      const delayMs = backoffMs(outcome, attempt);
      const isOver = attempt === MAX_ATTEMPTS || performance.now() + delayMs >= call.endsAt || call.signal.aborted;
      if (isOver || !mayRepeat(call, outcome)) {
        if ('answer' in outcome) return outcome.answer;
        throw this.#failureOf(outcome.error, call);
      }
      observeSubgraphRetry(this.#name);
      await wait(delayMs, undefined, { signal: call.signal }).catch(() => {});
    }
  }

  /**
   * Returns the answer, whatever its status. Throws SubgraphUnavailable when there is none, or without asking while the circuit is
   * open; and what `send` throws of its own.
   */
  async run(call: HttpCall, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const isRefused = this.#breaker.state === CircuitState.HalfOpen;
    try {
      // In that state the library would wait for the call that tries the circuit.
      if (isRefused) throw new BrokenCircuitError();
      return await this.#breaker.execute(() => this.#attempts(call, send));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const retryAfter = HALF_OPEN_AFTER_MS / 1_000;
      throw new SubgraphUnavailable(this.#name, 'CIRCUIT_OPEN', { retryAfter });
    }
  }
}
