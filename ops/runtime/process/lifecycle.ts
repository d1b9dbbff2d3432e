import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '#runtime/log/logger.js';

/** `elapsedMs`: since the first part began to close. */
type Close = (elapsedMs: number) => Promise<void> | void;

export interface LifecycleOptions {
  /** How long an open process goes on after a signal. */
  stopDelayMs?: number;
  /** For closing everything, after that delay. */
  closeWithinMs?: number;
}

/** One Ctrl-C can arrive twice, from the terminal and from npm. */
const ECHO_MS = 1_500;
/** 20 seconds for jobs and requests, the rest for pools and the embedded PostgreSQL. */
const CLOSE_WITHIN_MS = 28_000;

/**
 * Closes the parts of a process in the reverse order of their opening, each once. Decision 0017 has the order of a stop.
 */
export class Lifecycle {
  readonly #opened: { name: string; close: Close }[] = [];
  readonly #stopListeners: (() => void)[] = [];
  readonly #crashListeners: ((error: unknown) => void)[] = [];
  readonly #logger: Logger;
  readonly #stopDelayMs: number;
  readonly #closeWithinMs: number;
  #closing: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #current: string | undefined;
  #isOpen = false;
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

  /** Closes every part, also after one that fails to. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** Whether a stop has begun. */
  get isStopping(): boolean {
    return this.#isAnnounced;
  }

  #announceStop(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    for (const listener of this.#stopListeners) listener();
  }

  async #closeAll(): Promise<void> {
    this.#announceStop();
    const since = Date.now();
    for (let part = this.#opened.pop(); part; part = this.#opened.pop()) {
      this.#current = part.name;
      try {
        await part.close(Date.now() - since);
      } catch (error) {
        this.#logger.error({ err: error }, `Close failed: ${part.name}`);
      }
    }
    this.#current = undefined;
  }

  async #stop(delayMs: number): Promise<void> {
    this.#announceStop();
    await wait(delayMs);
    const outOfTime = new AbortController();
    const isClosed = await Promise.race([
      this.close().then(() => true),
      wait(this.#closeWithinMs, false, { signal: outOfTime.signal }).catch(() => true),
    ]);
    outOfTime.abort();
    if (!isClosed) {
      const left = this.#opened.map(({ name }) => name).reverse();
      this.#logger.error({ left, limitMs: this.#closeWithinMs }, `Close timed out: ${this.#current}`);
    }
    process.exit(isClosed ? this.#exitCode : 1);
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
   * Runs `open`; if it fails, closes what was opened and rethrows. SIGINT and SIGTERM, also during `open`, close everything
   * and exit with status 0; a later second one exits at once. The status is 1 after an uncaught error, and when a part does
   * not close in time.
   */
  async run(open: () => Promise<void>): Promise<void> {
    let firstSignalAt: number | undefined;
    const onSignal = () => {
      if (firstSignalAt === undefined) {
        firstSignalAt = Date.now();
        this.#stopping ??= this.#stop(this.#isOpen ? this.#stopDelayMs : 0);
      } else if (Date.now() - firstSignalAt > ECHO_MS) {
        process.exit(130);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    const onCrash = (error: unknown) => this.#crash(error);
    process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
    try {
      await open();
      this.#isOpen = true;
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
