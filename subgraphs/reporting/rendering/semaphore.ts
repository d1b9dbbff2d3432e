import { ServiceUnavailable } from '#runtime/errors.js';

const RETRY_AFTER_SECONDS = 10;

/** A semaphore with a bounded queue: more waiting than that are refused. */
export class Semaphore {
  readonly #permits: number;
  readonly #maxWaiting: number;
  #held = 0;
  readonly #waiting = new Set<() => void>();

  constructor(permits: number, maxWaiting: number) {
    this.#permits = permits;
    this.#maxWaiting = maxWaiting;
  }

  /** How many wait for a permit. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Waits for a permit; the result releases it. Throws ServiceUnavailable when too many wait, and the reason of `signal`.
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#held < this.#permits) this.#held += 1;
    else await this.#turn(signal);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const [next] = this.#waiting;
      // The permit goes to the one that has waited longest.
      if (next) next();
      else this.#held -= 1;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#maxWaiting) throw new ServiceUnavailable({ retryAfter: RETRY_AFTER_SECONDS });
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(start);
        signal.removeEventListener('abort', refuse);
      };
      const start = () => {
        end();
        resolve();
      };
      const refuse = () => {
        end();
        reject(signal.reason);
      };
      this.#waiting.add(start);
      signal.addEventListener('abort', refuse, { once: true });
    });
  }
}
