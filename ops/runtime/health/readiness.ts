import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { withinTime } from '#runtime/process/within-time.js';

/** Something a process works with. */
export interface ReadinessCheck {
  /** Rejects while it does not work. */
  check(): Promise<unknown>;
  /** Whether the process is not ready without it; without anything else it is merely degraded. */
  isRequired: boolean;
}

export type ReadinessChecks = Record<string, ReadinessCheck>;

/** What a probe is told: nothing that would help an attacker. */
export interface ReadinessReport {
  status: 'ready' | 'not ready';
  /** `pending`: being prepared for the first time. */
  checks: Record<string, 'ok' | 'degraded' | 'failed' | 'pending'>;
}

/** Whether requests should be sent to this process. Found out in the background: asking costs nothing. */
export interface Readiness {
  isReady(): boolean;
  report(): ReadinessReport;
}

export interface ReadinessOptions {
  checks: ReadinessChecks;
  logger: Logger;
  lifecycle: Lifecycle;
  intervalMs?: number;
  timeoutMs?: number;
}

const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** Failures in a row until something counts as away: one lost packet must not move all the traffic. */
const FAILURES_UNTIL_AWAY = 3;
/** Successes in a row until it counts as back: what comes and goes should not be trusted at once. */
const SUCCESSES_UNTIL_BACK = 2;
/** A call that has not ended by then never will; until then no second one is made beside it. */
const ABANDON_MS = 10_000;

/** One check's state: the first outcome counts at once, after that it takes several in a row to change it. */
class Watched {
  readonly name: string;
  readonly isRequired: boolean;
  isWorking = false;
  readonly #check: () => Promise<unknown>;
  readonly #logger: Logger;
  #isKnown = false;
  #differingInARow = 0;
  #pendingSince: number | undefined;

  constructor(name: string, { check, isRequired }: ReadinessCheck, logger: Logger) {
    this.name = name;
    this.isRequired = isRequired;
    this.#check = check;
    this.#logger = logger;
  }

  async ask(timeoutMs: number): Promise<void> {
    try {
      await withinTime(this.#call(), timeoutMs);
      this.#count(true);
    } catch (error) {
      this.#count(false, error);
    }
  }

  async #call(): Promise<void> {
    const now = Date.now();
    if (this.#pendingSince !== undefined && now - this.#pendingSince < ABANDON_MS) {
      throw new Error('the last check has not ended yet');
    }
    this.#pendingSince = now;
    await this.#check().finally(() => {
      if (this.#pendingSince === now) this.#pendingSince = undefined;
    });
  }

  #count(works: boolean, error?: unknown): void {
    const isFirst = !this.#isKnown;
    this.#isKnown = true;
    this.#differingInARow = works === this.isWorking ? 0 : this.#differingInARow + 1;
    const needed = works ? SUCCESSES_UNTIL_BACK : FAILURES_UNTIL_AWAY;
    if (!isFirst && this.#differingInARow < needed) return;
    this.#differingInARow = 0;
    this.isWorking = works;
    const consequence = this.isRequired ? 'this process is not ready' : 'going on without it';
    if (!works) this.#logger.warn({ check: this.name, err: error }, `${this.name} does not answer: ${consequence}`);
    else if (!isFirst) this.#logger.info({ check: this.name }, `${this.name} answers again`);
  }
}

/**
 * Starts to watch what this process works with, until a stop begins: from then on it is not ready, whatever works.
 * Returns once everything was asked for the first time, each for two seconds at the most.
 */
export async function openReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { checks, logger, lifecycle, intervalMs = INTERVAL_MS, timeoutMs = TIMEOUT_MS } = options;
  const watched = Object.entries(checks).map(([name, check]) => new Watched(name, check, logger));
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const askAll = async () => {
    await Promise.all(watched.map((one) => one.ask(timeoutMs)));
    if (!isStopping) timer = setTimeout(() => void askAll(), intervalMs).unref();
  };
  lifecycle.onStop(() => {
    isStopping = true;
    clearTimeout(timer);
  });
  await askAll();
  const isReady = () => !isStopping && watched.every(({ isWorking, isRequired }) => isWorking || !isRequired);
  const outcomeOf = ({ isWorking, isRequired }: Watched) => (isWorking ? 'ok' : isRequired ? 'failed' : 'degraded');
  return {
    isReady,
    report: () => ({
      status: isReady() ? 'ready' : 'not ready',
      checks: Object.fromEntries(watched.map((one) => [one.name, outcomeOf(one)])),
    }),
  };
}
