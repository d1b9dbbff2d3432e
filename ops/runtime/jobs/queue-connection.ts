import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import type { JobWorker } from './job-worker.js';
import { untilAvailable } from './until-available.js';

export interface QueueConnectionOptions {
  connect(): Promise<JobWorker>;
  /** Whether the process goes on without its queue until that can be reached. */
  mayBeAway: boolean;
  logger: Logger;
}

/** A start waits no longer for a queue that it can do without. */
const FIRST_WAIT_MS = 3_000;
const AGAIN_MS = 10_000;

/** The connection of a process to its job queue, which is made in the background while the queue is away. */
export class QueueConnection {
  readonly #options: QueueConnectionOptions;
  readonly #closing = new AbortController();
  readonly #connected: Promise<JobWorker>;
  #isConnected: (worker: JobWorker) => void = () => {};
  /** undefined = not connected yet. */
  worker: JobWorker | undefined;

  constructor(options: QueueConnectionOptions) {
    this.#options = options;
    this.#connected = new Promise((resolve) => {
      this.#isConnected = (worker) => {
        this.worker = worker;
        resolve(worker);
      };
    });
  }

  /** Connects. Throws what connecting throws, unless the queue is away and may be: then it goes on trying. */
  async open(): Promise<void> {
    await this.#begin(async () => {
      const worker = await this.#options.connect();
      if (this.#closing.signal.aborted) await worker.stop();
      else this.#isConnected(worker);
    });
  }

  /** Runs `work` as soon as the queue is connected: now, or in the background. */
  async run(work: (worker: JobWorker) => Promise<void>): Promise<void> {
    await this.#begin(async () => work(await this.#connected), this.worker ? FIRST_WAIT_MS : 0);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.worker?.stop();
  }

  /** Does `step` until it is done; once the queue turns out to be away, in the background. */
  async #begin(step: () => Promise<void>, waitMs = FIRST_WAIT_MS): Promise<void> {
    const { mayBeAway, logger } = this.#options;
    if (!mayBeAway) return step();
    const { signal } = this.#closing;
    let isAway = false;
    const onWaiting = (error: unknown) => {
      if (!isAway) logger.warn({ reason: reasonOf(error) }, 'The job queue cannot be reached: jobs wait until it can');
      isAway = true;
    };
    const done = untilAvailable(step, { signal, onWaiting }).then(
      () => void (isAway && logger.info('The job queue can be reached')),
      async (error: unknown) => {
        if (signal.aborted) return;
        if (!isAway) throw error;
        logger.error({ err: error }, 'The job queue cannot be used: it is tried again in a while');
        await wait(AGAIN_MS, undefined, { ref: false });
        if (!signal.aborted) await this.#begin(step);
      },
    );
    await Promise.race([done, wait(waitMs, undefined, { ref: false })]);
    done.catch((error: unknown) => logger.error({ err: error }, 'The job queue cannot be used: restart this process'));
  }
}
