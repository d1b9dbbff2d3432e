import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '#runtime/log/logger.js';
import { anySignal } from '#runtime/scope/any-signal.js';
import { onStopSignal, type StopSignal } from './stop-signals.js';

/** `elapsedMs`: since the first part began to close. */
type Close = (elapsedMs: number) => Promise<void> | void;

export interface LifecycleOptions {
  /** How long an open process goes on after a signal. */
  stopDelayMs?: number;
  /** For closing everything, after that delay. */
  closeWithinMs?: number;
}

interface Part {
  name: string;
  close: Close;
}

type State = 'idle' | 'starting' | 'started';

/** One Ctrl-C can arrive twice, from the terminal and from npm. */
const ECHO_MS = 1_500;
const CLOSE_WITHIN_MS = 28_000;
/** For closing part by part: 20 seconds for jobs and requests, the rest for pools. What is left then closes at once. */
const IN_ORDER_SHARE = 0.8;

/** Whether `work` ends in time, and before `hurry`. */
async function isDoneWithin(work: Promise<unknown>, limitMs: number, hurry?: AbortSignal): Promise<boolean> {
  const outOfTime = new AbortController();
  const signal = hurry ? anySignal(hurry, outOfTime.signal) : outOfTime.signal;
  const limit = wait(limitMs, false, { signal }).catch(() => false);
  const isDone = await Promise.race([work.then(() => true), limit]);
  outOfTime.abort();
  return isDone;
}

/**
 * Closes the parts of a process in the reverse order of their opening, each once; when one hangs, the rest all the same.
 * Decision 0017 has the order of a stop.
 */
export class Lifecycle {
  readonly #opened: Part[] = [];
  readonly #stopListeners: (() => void)[] = [];
  readonly #crashListeners: ((error: unknown) => void)[] = [];
  readonly #logger: Logger;
  readonly #stopDelayMs: number;
  readonly #closeWithinMs: number;
  #closing: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #current: string | undefined;
  readonly #hurry = new AbortController();
  readonly #work = new Map<string, () => number>();
  #state: State = 'idle';
  #isAnnounced = false;
  #exitCode = 0;

  constructor(logger: Logger, options: LifecycleOptions = {}) {
    this.#logger = logger;
    this.#stopDelayMs = options.stopDelayMs ?? 0;
    this.#closeWithinMs = options.closeWithinMs ?? CLOSE_WITHIN_MS;
  }

  /** Registers how to close a part that is open now. */
  onClose(name: string, close: Close): void {
    this.#opened.push({ name, close });
  }

  /** Calls `listener` the moment a stop begins, while everything is still open. */
  onStop(listener: () => void): void {
    this.#stopListeners.push(listener);
  }

  /** Calls `listener` with an uncaught error, before the process stops. */
  onCrash(listener: (error: unknown) => void): void {
    this.#crashListeners.push(listener);
  }

  /** Has the log of a stop say how much work of this kind is left when the process begins to close. */
  onDrain(work: string, count: () => number): void {
    this.#work.set(work, count);
  }

  /** Closes every part, also after one that fails to or hangs, and resolves within the time for it. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** Whether a stop has begun. */
  get isStopping(): boolean {
    return this.#isAnnounced;
  }

  /** Whether `run` is opening the process and has not finished. */
  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  #announceStop(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    for (const listener of this.#stopListeners) listener();
  }

  async #closePart({ name, close }: Part, since: number): Promise<void> {
    try {
      await close(Date.now() - since);
    } catch (error) {
      this.#logger.error({ err: error }, `Close failed: ${name}`);
    }
  }

  async #closeInOrder(since: number): Promise<void> {
    for (let part = this.#opened.pop(); part; part = this.#opened.pop()) {
      this.#current = part.name;
      await this.#closePart(part, since);
    }
    this.#current = undefined;
  }

  async #closeAll(): Promise<void> {
    this.#announceStop();
    const since = Date.now();
    const inOrderMs = this.#closeWithinMs * IN_ORDER_SHARE;
    const inOrder = this.#closeInOrder(since);
    if (await isDoneWithin(inOrder, inOrderMs, this.#hurry.signal)) return;
    const rest = this.#opened.splice(0).reverse();
    const names = rest.map(({ name }) => name);
    if (this.#hurry.signal.aborted) {
      this.#logger.warn({ left: [this.#current, ...names] }, 'Second signal: the rest is closed at once');
    } else {
      this.#exitCode = 1;
      this.#logger.error({ left: names, limitMs: inOrderMs }, `Close timed out: ${this.#current}`);
    }
    await isDoneWithin(
      Promise.all([inOrder, ...rest.map((part) => this.#closePart(part, since))]),
      this.#closeWithinMs - inOrderMs,
    );
  }

  async #stop(delayMs: number): Promise<void> {
    const since = performance.now();
    this.#announceStop();
    await isDoneWithin(new Promise(() => {}), delayMs, this.#hurry.signal);
    const work = Object.fromEntries([...this.#work].map(([name, count]) => [name, count()]));
    this.#logger.info(work, 'Draining');
    await this.close();
    const seconds = Math.round((performance.now() - since) / 100) / 10;
    this.#logger.info({ seconds, status: this.#exitCode }, 'Stopped');
    process.exit(this.#exitCode);
  }

  #signalStop(signal: StopSignal): void {
    if (this.#stopping) return;
    this.#logger.info({ signal, ...(this.isStarting && { isStarting: true }) }, `${signal}: the process stops`);
    this.#stopping = this.#stop(this.isStarting ? 0 : this.#stopDelayMs);
  }

  #crash(error: unknown): void {
    this.#exitCode = 1;
    this.#logger.error({ err: error }, 'Uncaught error: the process stops');
    for (const listener of this.#crashListeners) {
      try {
        listener(error);
      } catch (failure) {
        this.#logger.error({ err: failure }, 'Error report failed');
      }
    }
    // No delay: the state of the process is in doubt.
    this.#stopping ??= this.#stop(0);
  }

  /**
   * Runs `open`; if it fails, closes what was opened and rethrows. SIGINT, SIGTERM and SIGHUP, also during `open`, close everything
   * and exit with status 0; a later second one closes the rest at once and exits with status 130, a third does not wait. The
   * status is 1 after an uncaught error, and when a part does not close in time.
   */
  async run(open: () => Promise<void>): Promise<void> {
    this.#state = 'starting';
    let signalledAt: number | undefined;
    onStopSignal((signal) => {
      const sinceLastMs = signalledAt === undefined ? Number.POSITIVE_INFINITY : Date.now() - signalledAt;
      if (sinceLastMs <= ECHO_MS) return;
      if (signalledAt === undefined) {
        this.#signalStop(signal);
      } else if (this.#hurry.signal.aborted) {
        process.exit(130);
      } else {
        this.#exitCode = 130;
        this.#hurry.abort();
      }
      signalledAt = Date.now();
    });
    const onCrash = (error: unknown) => this.#crash(error);
    process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
    try {
      await open();
      this.#state = 'started';
    } catch (error) {
      // What failed had been closed under it: a stop, which ends the process, is no failed start.
      await this.#stopping;
      await this.close();
      throw error;
    }
  }
}
