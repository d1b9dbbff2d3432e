import { WebMetricsError } from './errors.js';

/** Ends a call at a time, or with its caller's signal. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #endsAt: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #abort = () => this.#controller.abort(this.#given?.reason);

  constructor(timeoutMs: number, given: AbortSignal | undefined) {
    this.signal = this.#controller.signal;
    this.#given = given;
    this.#endsAt = Date.now() + timeoutMs;
    if (Number.isFinite(timeoutMs)) {
      const error = new WebMetricsError(`No answer within ${timeoutMs} ms.`, 'DEADLINE_EXCEEDED');
      this.#timer = setTimeout(() => this.#controller.abort(error), timeoutMs);
    }
    if (given?.aborted) this.#abort();
    else given?.addEventListener('abort', this.#abort, { once: true });
  }

  get remainingMs(): number {
    return this.#endsAt - Date.now();
  }

  /** Lifts the limit of time; the signal remains. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the call. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  clear(): void {
    this.lift();
    this.#given?.removeEventListener('abort', this.#abort);
  }

  /** Returns what `work` does, unless the deadline comes first. */
  race<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this;
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }

  async wait(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.race(
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, ms);
        }),
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
