import { withTimeout } from 'es-toolkit/promise';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { watchReadiness } from '#runtime/telemetry/observe-readiness.js';

export interface ReadinessCheck {
  check(): Promise<unknown>;
  /** Otherwise the process is merely degraded without it. */
  isRequired: boolean;
}

export type ReadinessChecks = Record<string, ReadinessCheck>;

/** The body of `/ready`: nothing that would help an attacker. */
export interface ReadinessReport {
  status: 'ready' | 'not ready';
  /** `pending`: being prepared for the first time. */
  checks: Record<string, 'ok' | 'degraded' | 'failed' | 'pending'>;
}

/** The last time that a check failed. */
export interface CheckFailure {
  check: string;
  since: Date;
  /** undefined = it still fails. */
  until: Date | undefined;
  reason: string;
}

/** Whether requests should be sent to this process. */
export interface Readiness {
  isReady(): boolean;
  report(): ReadinessReport;
  /** Returns the last failure of each check that ever failed. */
  failures(): CheckFailure[];
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
/** One lost packet must not move all the traffic. */
const FAILURES_UNTIL_DOWN = 3;
const SUCCESSES_UNTIL_UP = 2;
/** Until then no second call is made beside one that hangs. */
const ABANDON_MS = 10_000;

/** Its state is set by the first outcome, and changed by several consecutive ones. */
class MonitoredCheck {
  readonly name: string;
  readonly isRequired: boolean;
  isWorking = false;
  readonly #check: () => Promise<unknown>;
  readonly #logger: Logger;
  #isKnown = false;
  #consecutiveChanges = 0;
  #changingSince = new Date(0);
  #pendingSince: number | undefined;
  failure: CheckFailure | undefined;

  constructor(name: string, { check, isRequired }: ReadinessCheck, logger: Logger) {
    this.name = name;
    this.isRequired = isRequired;
    this.#check = check;
    this.#logger = logger;
  }

  async run(timeoutMs: number): Promise<void> {
    try {
      await withTimeout(() => this.#call(), timeoutMs);
      this.#record(true);
    } catch (error) {
      this.#record(false, error);
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

  #record(works: boolean, error?: unknown): void {
    const isFirst = !this.#isKnown;
    this.#isKnown = true;
    this.#consecutiveChanges = works === this.isWorking ? 0 : this.#consecutiveChanges + 1;
    if (isFirst || this.#consecutiveChanges === 1) this.#changingSince = new Date();
    const needed = works ? SUCCESSES_UNTIL_UP : FAILURES_UNTIL_DOWN;
    if (!isFirst && this.#consecutiveChanges < needed) return;
    this.#consecutiveChanges = 0;
    this.isWorking = works;
    const { name: check, isRequired } = this;
    if (!works) this.failure = { check, since: this.#changingSince, until: undefined, reason: reasonOf(error) };
    else if (this.failure) this.failure = { ...this.failure, until: this.#changingSince };
    if (!works) this.#logger.warn({ check, isRequired, reason: reasonOf(error) }, `Readiness check failed: ${check}`);
    else if (!isFirst) this.#logger.info({ check }, `Readiness check recovered: ${check}`);
  }
}

/**
 * Runs the checks once a second until a stop begins, from when on the process is not ready, as it is not before its start is through.
 * Returns once each check has run for the first time, which takes two seconds at most.
 */
export async function openReadiness(options: ReadinessOptions): Promise<Readiness> {
  const { checks, logger, lifecycle, intervalMs = INTERVAL_MS, timeoutMs = TIMEOUT_MS } = options;
  const monitored = Object.entries(checks).map(([name, check]) => new MonitoredCheck(name, check, logger));
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const runAll = async () => {
    await Promise.all(monitored.map((one) => one.run(timeoutMs)));
    if (!isStopping) timer = setTimeout(() => void runAll(), intervalMs).unref();
  };
  lifecycle.onStop(() => {
    isStopping = true;
    clearTimeout(timer);
  });
  await runAll();
  const isReady = () =>
    !isStopping && !lifecycle.isStarting && monitored.every(({ isWorking, isRequired }) => isWorking || !isRequired);
  const outcomeOf = ({ isWorking, isRequired }: MonitoredCheck) =>
    isWorking ? 'ok' : isRequired ? 'failed' : 'degraded';
  const readiness: Readiness = {
    isReady,
    failures: () => monitored.flatMap(({ failure }) => failure ?? []),
    report: () => ({
      status: isReady() ? 'ready' : 'not ready',
      checks: {
        ...(lifecycle.isStarting && { start: 'pending' as const }),
        ...Object.fromEntries(monitored.map((one) => [one.name, outcomeOf(one)])),
      },
    }),
  };
  watchReadiness(() => readiness.report().checks);
  lifecycle.onClose('Metrics of readiness', () => watchReadiness(undefined));
  return readiness;
}
