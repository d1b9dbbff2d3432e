import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimited } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentPriority } from '#runtime/scope/priority.js';
import type { LimitBook } from './limit-book.js';
import type { Verdict } from './limit-state.js';
import type { Draw, Told } from './limits.js';
import { sensibleSeconds } from './sensible-seconds.js';

type Refusal = Extract<Verdict, { mayGo: false }>;

export interface GovernorOptions {
  book: LimitBook;
  logger: Logger;
  now(): Date;
}

/** One request on its way past the governor, all its attempts together. */
export interface Passage {
  /**
   * Lets an attempt leave, at once or after a little wait; the attempt before counts as unanswered then. `msLeft` is what
   * remains until the request's deadline. Throws RateLimited where the provider would refuse, or what is left is kept for
   * people.
   */
  leave(msLeft: number): Promise<void>;
  /** Notes what the answer told; nothing = there was none. */
  comeBack(told?: Told[]): Promise<void>;
}

/** Decides which requests go to a provider now, later, or not at all, before the provider does. */
export interface Governor {
  /** `providerName` begins the error's message. */
  passage(provider: { id: string; name: string }, draws: Draw[]): Passage;
  /** Returns why none of these may be asked now, or undefined; nothing is used up. */
  refusal(provider: { id: string; name: string }, draws: Draw[]): Promise<Error | undefined>;
}

// Somebody who waits for a page is better told at once; a job that is told must begin again.
const LONGEST_WAIT_MS = { interactive: 2_000, background: 10_000 };
const POLL_MS = 50;

function refusalOf(providerName: string, { at, isSoon }: Refusal, now: number): RateLimited {
  const isBackground = currentPriority() === 'background';
  const used = isBackground
    ? 'has little left of its limits, which is kept for people'
    : 'has no more left of its limits for now';
  const why = isSoon ? 'is asked as much as it answers at a time' : used;
  return new RateLimited(`${providerName} ${why}.`, sensibleSeconds((at - now) / 1000, 60));
}

export function createGovernor({ book, logger, now }: GovernorOptions): Governor {
  /** Limits protect from refusals: not knowing them must not become an outage. */
  async function unlessBroken<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      logger.warn({ err: error }, 'The limits of a provider are not known for the moment');
      return otherwise;
    }
  }

  async function waitToLeave(
    provider: { id: string; name: string },
    draws: Draw[],
    msLeft: number,
  ): Promise<number | undefined> {
    for (let waitedMs = 0; ; ) {
      const leftAt = now().getTime();
      const verdict = await unlessBroken(() => book.leave(provider.id, draws, leftAt), undefined);
      if (!verdict) return undefined;
      if (verdict.mayGo) return leftAt;
      // Half of the time is left for the answer itself. What a request before frees is waited for that long.
      const patienceMs = Math.min(verdict.isSoon ? msLeft : LONGEST_WAIT_MS[currentPriority()], msLeft / 2);
      const pauseMs = verdict.isSoon ? POLL_MS * (1 + 2 * Math.random()) : verdict.at - leftAt;
      if (waitedMs + pauseMs > patienceMs) throw refusalOf(provider.name, verdict, leftAt);
      await sleep(pauseMs);
      waitedMs += pauseMs;
    }
  }

  return {
    passage(provider, draws) {
      let leftAt: number | undefined;
      const comeBack: Passage['comeBack'] = async (told = []) => {
        const left = leftAt;
        leftAt = undefined;
        if (left === undefined) return;
        await unlessBroken(() => book.comeBack(provider.id, { draws, leftAt: left, told }, now().getTime()), undefined);
      };
      return {
        async leave(msLeft) {
          await comeBack();
          leftAt = await waitToLeave(provider, draws, msLeft);
        },
        comeBack,
      };
    },

    async refusal(provider, draws) {
      const at = now().getTime();
      const verdict = await unlessBroken(() => book.look(provider.id, draws, at), undefined);
      return verdict?.mayGo === false ? refusalOf(provider.name, verdict, at) : undefined;
    },
  };
}
