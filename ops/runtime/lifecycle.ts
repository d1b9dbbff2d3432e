import type { Logger } from './logger.js';

type Close = () => Promise<void> | void;

/** One Ctrl-C can arrive twice, from the terminal and from npm: only a signal after this time means impatience. */
const ECHO_MS = 1_500;

/** Opens parts in order and closes them in reverse, each once, whatever happens in between. */
export class Lifecycle {
  readonly #opened: { name: string; close: Close }[] = [];
  readonly #logger: Logger;
  #closing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Remembers how to close a part that is open now. */
  onClose(name: string, close: Close): void {
    this.#opened.push({ name, close });
  }

  /** Closes everything in reverse order. A part that fails to close does not keep the others open. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#opened.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#logger.error({ err: error }, `${name} did not close cleanly`);
      }
    }
  }

  /**
   * Runs `open`; if it fails, closes what was opened so far and rethrows. On SIGINT and SIGTERM everything is closed
   * and the process ends with status 0, also while it is still opening; a later second signal ends it at once.
   */
  async run(open: () => Promise<void>): Promise<void> {
    let firstSignalAt: number | undefined;
    const onSignal = () => {
      if (firstSignalAt === undefined) {
        firstSignalAt = Date.now();
        void this.close().then(() => process.exit(0));
      } else if (Date.now() - firstSignalAt > ECHO_MS) {
        process.exit(130);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    try {
      await open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
