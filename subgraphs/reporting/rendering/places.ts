import { ServiceUnavailable } from '#runtime/errors.js';

const RETRY_AFTER_SECONDS = 10;

/** So many pieces of work at a time, so many that wait for their turn, and a refusal of any more. */
export class Places {
  readonly #most: number;
  readonly #mostWaiting: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Returns when it is the caller's turn; the result gives the place back. Throws ServiceUnavailable when too many wait, and the reason
   * of `signal`.
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.#most) this.#taken += 1;
    else await this.#turn(signal);
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      const [next] = this.#waiting;
      // The place goes to the one who has waited longest.
      if (next) next();
      else this.#taken -= 1;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#mostWaiting) throw new ServiceUnavailable({ retryAfter: RETRY_AFTER_SECONDS });
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
