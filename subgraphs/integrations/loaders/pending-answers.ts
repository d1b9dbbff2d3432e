import { setImmediate as nextTurn } from 'node:timers/promises';

/** Result of everything one operation asked of a connection. */
export type Settled = 'nothing' | 'fine' | 'failed';

interface MaybeStale {
  isStale?: boolean;
}

/** The answers one operation waits for, so that it reports the health of connections as it is after them. */
export class PendingAnswers {
  readonly #pending = new Map<string, Promise<unknown>[]>();
  readonly #settled = new Map<string, Promise<Settled>>();

  /** Adds an answer, and returns it. */
  add<Answer>(connectionId: string, answer: Promise<Answer>): Promise<Answer> {
    this.#pending.set(connectionId, [...(this.#pending.get(connectionId) ?? []), answer]);
    return answer;
  }

  /** Resolves once all answers of a connection have settled; asks nothing itself. */
  settle(connectionId: string): Promise<Settled> {
    const settled = this.#settled.get(connectionId) ?? this.#settle(connectionId);
    this.#settled.set(connectionId, settled);
    return settled;
  }

  async #settle(connectionId: string): Promise<Settled> {
    // Sibling fields are resolved in this turn of the event loop: their questions are added by the next.
    await nextTurn();
    const pending = this.#pending.get(connectionId);
    if (!pending) return 'nothing';
    const answers = await Promise.allSettled(pending);
    const isFine = answers.every((one) => one.status === 'fulfilled' && !(one.value as MaybeStale | null)?.isStale);
    return isFine ? 'fine' : 'failed';
  }
}
