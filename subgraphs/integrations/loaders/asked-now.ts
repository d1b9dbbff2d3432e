import { setImmediate as nextTurn } from 'node:timers/promises';

/** What became of everything one operation asked of a connection. */
export type Outcome = 'nothing' | 'fine' | 'failed';

interface MaybeStale {
  isStale?: boolean;
}

/** What one operation has asked providers so far, so that it can tell how connections are after that and not before. */
export class AskedNow {
  readonly #asked = new Map<string, Promise<unknown>[]>();
  readonly #settled = new Map<string, Promise<Outcome>>();

  note<Answer>(connectionId: string, answer: Promise<Answer>): Promise<Answer> {
    const others = this.#asked.get(connectionId) ?? [];
    this.#asked.set(connectionId, [...others, answer]);
    return answer;
  }

  /** Resolves once all that is asked of the connection is answered; asks nothing itself. */
  settle(connectionId: string): Promise<Outcome> {
    const known = this.#settled.get(connectionId);
    const settled = known ?? this.#settle(connectionId);
    this.#settled.set(connectionId, settled);
    return settled;
  }

  async #settle(connectionId: string): Promise<Outcome> {
    // Fields beside the one that wants to know are resolved in this turn: what they ask is noted by the next.
    await nextTurn();
    const asked = this.#asked.get(connectionId);
    if (!asked) return 'nothing';
    const answers = await Promise.allSettled(asked);
    const isFine = answers.every((one) => one.status === 'fulfilled' && !(one.value as MaybeStale | null)?.isStale);
    return isFine ? 'fine' : 'failed';
  }
}
