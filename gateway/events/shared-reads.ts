import PQueue from 'p-queue';
import { httpStatusOf } from '#gateway/http/http-status.js';
import { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { withScope } from '#runtime/scope/scope.js';
import type { Snapshot } from './event-source.js';

/** A stream that receives a state. */
export interface Listener {
  /** On whose behalf the state may be read now. */
  identity(): Identity;
  /** When it had a state of its own, as of `performance.now()`: what was read before is not for it. */
  joinedAt: number;
  onState(snapshot: Snapshot): void;
  onFailure(error: AppError): void;
}

/** One state that is read for everyone who may see the same of it. */
export interface SharedState {
  /** Of the state and the rights of those who see it. */
  key: string;
  read(identity: Identity): Promise<Snapshot>;
  shortestMs: number;
  longestMs: number;
}

/** Reads at a time, for all streams of the process. */
const MAX_READS = 8;
const SLOWER = 1.5;
/** Failures in a row after which streams end. */
const MAX_FAILURES = 5;

/** Whether the same request may succeed later. */
export const isTemporary = ({ code }: AppError): boolean => httpStatusOf(code) === 429 || httpStatusOf(code) >= 500;

class StateReader {
  readonly #state: SharedState;
  readonly #queue: PQueue;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #delayMs: number;
  #lastId: string | undefined;
  #failures = 0;

  constructor(state: SharedState, queue: PQueue) {
    this.#state = state;
    this.#queue = queue;
    this.#delayMs = state.shortestMs;
  }

  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  join(listener: Listener): void {
    this.#listeners.add(listener);
    this.#delayMs = this.#state.shortestMs;
    if (this.#listeners.size === 1) this.#schedule();
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.isIdle) clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readForAll(), this.#delayMs);
  }

  /** Each listener in turn bears the cost. */
  #nextReader(): Listener | undefined {
    const [listener] = this.#listeners;
    if (!listener) return undefined;
    this.#listeners.delete(listener);
    this.#listeners.add(listener);
    return listener;
  }

  async #read(): Promise<Snapshot | undefined> {
    return this.#queue.add(async () => {
      const identity = this.#nextReader()?.identity();
      if (!identity) return undefined;
      const { requestId, organizationId } = identity;
      // Not in the scope of the request that happened to start the timer, which ends when its client disconnects.
      return withScope({ request: { requestId, organizationId } }, () => this.#state.read(identity));
    });
  }

  async #readForAll(): Promise<void> {
    const { shortestMs, longestMs } = this.#state;
    try {
      const snapshot = await this.#read();
      if (!snapshot) return;
      this.#failures = 0;
      const isChanged = snapshot.id !== this.#lastId;
      this.#lastId = snapshot.id;
      this.#delayMs = isChanged ? shortestMs : Math.min(this.#delayMs * SLOWER, longestMs);
      for (const listener of [...this.#listeners]) {
        if (listener.joinedAt <= snapshot.readAt) listener.onState(snapshot);
      }
    } catch (cause) {
      const error =
        cause instanceof AppError ? cause : new AppError('Internal error', 'INTERNAL_SERVER_ERROR', { cause });
      this.#failures += 1;
      if (!isTemporary(error) || this.#failures >= MAX_FAILURES) {
        for (const listener of [...this.#listeners]) listener.onFailure(error);
      }
      this.#delayMs = Math.max(longestMs, (error.retryAfter ?? 0) * 1_000);
    }
    if (!this.isIdle) this.#schedule();
  }
}

/** Reads states at intervals, once for all streams that may see the same. */
export class SharedReads {
  readonly #readers = new Map<string, StateReader>();
  readonly #queue = new PQueue({ concurrency: MAX_READS });

  /** How many states are being read. */
  get size(): number {
    return this.#readers.size;
  }

  /** Passes each read to `listener` until the function that is returned is called. */
  join(state: SharedState, listener: Listener): () => void {
    const reader = this.#readers.get(state.key) ?? new StateReader(state, this.#queue);
    this.#readers.set(state.key, reader);
    reader.join(listener);
    return () => {
      reader.leave(listener);
      if (reader.isIdle && this.#readers.get(state.key) === reader) this.#readers.delete(state.key);
    };
  }
}
