import { Semaphore } from 'es-toolkit/promise';
import { GraphQLError } from 'graphql';

/** Smaller answers about the schema need no turn. */
const LARGE_BYTES = 256 * 1024;
const MAX_WAITING = 20;

/**
 * Computes large answers about the schema one after another, with a pause as long as each took, as one blocks the process for a
 * tenth of a second: requests of other clients run in between.
 */
export class IntrospectionTurns {
  readonly #turn = new Semaphore(1);
  #waiting = 0;

  /**
   * Waits for a turn to make an answer of so many bytes. Returns what ends it. Throws RATE_LIMITED when too many wait.
   */
  async take(bytes: number): Promise<() => void> {
    if (bytes < LARGE_BYTES) return () => {};
    if (this.#waiting >= MAX_WAITING) {
      throw new GraphQLError(
        'Too many large questions about the schema at once. Wait a second, or download /schema.graphql.',
        {
          extensions: {
            code: 'RATE_LIMITED',
            retryAfter: 1,
            http: { status: 429, headers: new Map([['retry-after', '1']]) },
          },
        },
      );
    }
    this.#waiting += 1;
    await this.#turn.acquire();
    this.#waiting -= 1;
    const startedAt = performance.now();
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      setTimeout(() => this.#turn.release(), performance.now() - startedAt).unref();
    };
  }
}
