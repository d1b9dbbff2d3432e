import { setImmediate as nextTurn } from 'node:timers/promises';

/** Result of everything an operation asked of a connection. */
export type Settled = 'nothing' | 'fine' | 'failed';

interface MaybeStale {
  isStale?: boolean;
}

/** The answers an operation waits for: the health of connections is reported after them. */
export class PendingAnswers {
  readonly #pending = new Map<string, Promise<unknown>[]>();
  readonly #settled = new Map<string, Promise<Settled>>();

  add<Answer>(connectionId: string, answer: Promise<Answer>): Promise<Answer> {
    this.#pending.set(connectionId, [...(this.#pending.get(connectionId) ?? []), answer]);
    return answer;
  }

  /** Resolves once all answers of a connection have settled. */
  settle(connectionId: string): Promise<Settled> {
    const settled = this.#settled.get(connectionId) ?? this.#settle(connectionId);
    this.#settled.set(connectionId, settled);
    return settled;
  }

  async #settle(connectionId: string): Promise<Settled> {
    // Sibling fields add their questions by the next turn of the event loop.
    await nextTurn();
    const outcomes: PromiseSettledResult<unknown>[] = [];
    // An answer may have asked for others.
    for (let pending = this.#pending.get(connectionId) ?? []; outcomes.length < pending.length; ) {
      outcomes.push(...(await Promise.allSettled(pending.slice(outcomes.length))));
      pending = this.#pending.get(connectionId) ?? [];
    }
    if (outcomes.length === 0) return 'nothing';
    const isFine = outcomes.every((one) => one.status === 'fulfilled' && !(one.value as MaybeStale | null)?.isStale);
    return isFine ? 'fine' : 'failed';
  }
}
