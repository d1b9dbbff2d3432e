import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimited } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentPriority } from '#runtime/scope/priority.js';
import type { Verdict } from './kinds/limit-kind.js';
import type { Charge, ReportedLimit } from './limits.js';
import type { ProviderLimitStore } from './provider-limit-store.js';
import { sensibleSeconds } from './reported.js';

type Refusal = Extract<Verdict, { mayGo: false }>;

export interface GovernorOptions {
  limits: ProviderLimitStore;
  logger: Logger;
  now(): Date;
}

/** `name` begins error messages. */
interface NamedProvider {
  id: string;
  name: string;
}

/** The limits of one request, over all of its attempts. */
export interface Reservation {
  /**
   * Resolves when an attempt may be sent; the one before counts as unanswered. `msLeft` until the deadline. Throws
   * RateLimited when a limit is exhausted, or its rest reserved for interactive requests.
   */
  acquire(msLeft: number): Promise<void>;
  /** Ends the attempt, with what its answer reported. */
  release(reported?: ReportedLimit[]): Promise<void>;
}

/** Delays or refuses requests that a provider would refuse. */
export interface Governor {
  reserve(provider: NamedProvider, charges: Charge[]): Reservation;
  /** Returns why a request would be refused now; charges nothing. */
  refusal(provider: NamedProvider, charges: Charge[]): Promise<Error | undefined>;
}

// A user is better refused soon; a refused job must start over.
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

/** Returns a governor over the shared limits. */
export function createGovernor({ limits, logger, now }: GovernorOptions): Governor {
  /** A store that is down must not become an outage. */
  async function orElse<Result>(work: () => Promise<Result>, fallback: Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      logger.warn({ err: error }, 'Provider limits unavailable');
      return fallback;
    }
  }

  /** Returns when the attempt was charged. */
  async function waitForPermit(provider: NamedProvider, charges: Charge[], msLeft: number) {
    for (let waitedMs = 0; ; ) {
      const at = now().getTime();
      const verdict = await orElse(() => limits.acquire(provider.id, charges, at), undefined);
      if (!verdict) return undefined;
      if (verdict.mayGo) return at;
      // Half of the time is left for the answer.
      const patienceMs = Math.min(verdict.isSoon ? msLeft : LONGEST_WAIT_MS[currentPriority()], msLeft / 2);
      const pauseMs = verdict.isSoon ? POLL_MS * (1 + 2 * Math.random()) : verdict.at - at;
      if (waitedMs + pauseMs > patienceMs) throw refusalOf(provider.name, verdict, at);
      await sleep(pauseMs);
      waitedMs += pauseMs;
    }
  }

  return {
    reserve(provider, charges) {
      let acquiredAt: number | undefined;
      const release: Reservation['release'] = async (reported = []) => {
        const sentAt = acquiredAt;
        acquiredAt = undefined;
        if (sentAt === undefined) return;
        await orElse(() => limits.release(provider.id, { charges, sentAt, reported }, now().getTime()), undefined);
      };
      return {
        async acquire(msLeft) {
          await release();
          acquiredAt = await waitForPermit(provider, charges, msLeft);
        },
        release,
      };
    },

    async refusal(provider, charges) {
      const at = now().getTime();
      const verdict = await orElse(() => limits.check(provider.id, charges, at), undefined);
      return verdict?.mayGo === false ? refusalOf(provider.name, verdict, at) : undefined;
    },
  };
}
