import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import PQueue from 'p-queue';
import { ServiceUnavailable } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { observeLoad, observeShedRequest } from '#runtime/telemetry/observe-http.js';

/** Requests at a time: at the start, and at least and at most as the event loop lags. */
const CONCURRENCY = { first: 128, least: 8, most: 1_024, step: 8 };
/** Requests that wait for their turn. */
const MAX_WAITING = 1_000;
/** For that turn. */
const MAX_WAIT_MS = 10_000;
const SAMPLED_EVERY_MS = 100;
const RESOLUTION_MS = 20;
/** Beyond, fewer requests run at a time: the delay stays below 200 ms. */
const HIGH_DELAY_MS = 100;
/** Below, more may. */
const LOW_DELAY_MS = 50;
/** So that clients that were refused together do not return together. */
const MAX_RETRY_AFTER_SECONDS = 3;
const WARN_AGAIN_MS = 10_000;

export interface LoadQueueOptions {
  logger: Logger;
  maxWaiting?: number;
  maxWaitMs?: number;
}

/**
 * Runs requests in turn, as many at a time as the event loop bears (additive increase, multiplicative decrease), and refuses those
 * that would wait too long.
 */
export class LoadQueue {
  readonly #queue = new PQueue({ concurrency: CONCURRENCY.first });
  readonly #options: Required<LoadQueueOptions>;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ logger, maxWaiting = MAX_WAITING, maxWaitMs = MAX_WAIT_MS }: LoadQueueOptions) {
    this.#options = { logger, maxWaiting, maxWaitMs };
  }

  /** Requests that run at a time, at most. */
  get concurrency(): number {
    return this.#queue.concurrency;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Adapts the concurrency to the longest delay of the event loop in a while. */
  adapt(delayMs: number): void {
    const { concurrency, size } = this.#queue;
    if (delayMs > HIGH_DELAY_MS) this.#queue.concurrency = Math.max(CONCURRENCY.least, Math.floor(concurrency / 2));
    else if (delayMs < LOW_DELAY_MS && (size > 0 || concurrency < CONCURRENCY.first)) {
      this.#queue.concurrency = Math.min(CONCURRENCY.most, concurrency + CONCURRENCY.step);
    }
    observeLoad({ waiting: size, concurrency: this.#queue.concurrency });
  }

  #refuse(reason: 'full' | 'late'): ServiceUnavailable {
    observeShedRequest(reason);
    if (performance.now() - this.#warnedAt > WARN_AGAIN_MS) {
      this.#warnedAt = performance.now();
      const { waiting, concurrency } = this;
      this.#options.logger.warn(
        { waiting, concurrency, reason },
        'Requests are refused: more arrive than can be answered',
      );
    }
    return new ServiceUnavailable({ retryAfter: 1 + Math.floor(Math.random() * MAX_RETRY_AFTER_SECONDS) });
  }

  /** Waits for a turn; `signal`: the client no longer does. Returns what ends it. Throws ServiceUnavailable. */
  async enter(signal: AbortSignal): Promise<() => void> {
    const { maxWaiting, maxWaitMs } = this.#options;
    const mustWait = this.waiting > 0 || this.#queue.pending >= this.concurrency;
    if (mustWait && this.waiting >= maxWaiting) throw this.#refuse('full');
    const waiting = new AbortController();
    const leave = () => waiting.abort();
    const timer = mustWait ? setTimeout(leave, maxWaitMs) : undefined;
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        const turn = () => new Promise<void>((end) => resolve(end));
        this.#queue.add(turn, { signal: waiting.signal }).catch(reject);
      });
    } catch (cause) {
      throw signal.aborted ? new ServiceUnavailable({ cause }) : this.#refuse('late');
    } finally {
      // From now on the request runs, however long it takes.
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }
}

/** Waits until a request may run; its turn ends when its answer is sent, or its client disconnects. Throws ServiceUnavailable. */
export type TakeTurn = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Opens the queue of the requests of `app` that take a turn. */
export function shedLoad(
  app: FastifyInstance,
  { logger, lifecycle }: { logger: Logger; lifecycle: Lifecycle },
): TakeTurn {
  const queue = new LoadQueue({ logger });
  const turns = new WeakMap<FastifyRequest, () => void>();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const timer = setInterval(() => {
    queue.adapt(delay.max / 1e6 - RESOLUTION_MS);
    delay.reset();
  }, SAMPLED_EVERY_MS).unref();
  lifecycle.onClose('Queue of requests', () => {
    clearInterval(timer);
    delay.disable();
  });
  const endTurn = (request: FastifyRequest) => {
    turns.get(request)?.();
    turns.delete(request);
  };
  app.addHook('onSend', (request, _reply, payload, done) => {
    endTurn(request);
    done(null, payload);
  });
  return async (request, reply) => {
    const signal = request.watch?.disconnection.signal ?? new AbortController().signal;
    turns.set(request, await queue.enter(signal));
    // Also of an answer that is never sent.
    reply.raw.once('close', () => endTurn(request));
    if (reply.raw.closed) endTurn(request);
  };
}
