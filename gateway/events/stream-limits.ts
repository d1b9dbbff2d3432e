import { RateLimited } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Open streams of one user, and of all API keys of an organization, in this process. */
export const MAX_STREAMS_PER_CALLER = 20;
/** Open streams in this process. */
const MAX_STREAMS = 2_000;
const RETRY_SECONDS = 10;

const callerOf = ({ kind, userId, organizationId }: Identity) =>
  kind === 'apiKey' ? `keys:${organizationId}` : `user:${userId}`;

/** Counts the open streams of a process. */
export class StreamLimits {
  readonly #byCaller = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Counts a stream until the function that is returned is called. Throws RateLimited. */
  open(identity: Identity): () => void {
    const caller = callerOf(identity);
    const count = this.#byCaller.get(caller) ?? 0;
    if (count >= MAX_STREAMS_PER_CALLER) {
      const message = `${MAX_STREAMS_PER_CALLER} streams of events may be open at a time: close some first.`;
      throw new RateLimited(message, RETRY_SECONDS);
    }
    if (this.#total >= MAX_STREAMS) {
      throw new RateLimited('Too many streams of events are open here: try again later.', RETRY_SECONDS);
    }
    this.#byCaller.set(caller, count + 1);
    this.#total += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#total -= 1;
      const left = (this.#byCaller.get(caller) ?? 1) - 1;
      if (left > 0) this.#byCaller.set(caller, left);
      else this.#byCaller.delete(caller);
    };
  }
}
