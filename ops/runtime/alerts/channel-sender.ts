import type { AlertChannel, Notice } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';

const MINUTE_MS = 60_000;

/** Sends notices over one channel, no more than it takes in a minute, and never lets a failing channel be felt. */
export class ChannelSender {
  readonly #channel: AlertChannel;
  readonly #logger: Logger;
  readonly #underway = new Set<Promise<void>>();
  #minuteEndsAt = 0;
  #sent = 0;
  #held = 0;

  constructor(channel: AlertChannel, logger: Logger) {
    this.#channel = channel;
    this.#logger = logger;
  }

  #send(notice: Notice): void {
    const { name } = this.#channel;
    const sending = Promise.resolve()
      .then(() => this.#channel.send(notice))
      // An alert about alerts that cannot be sent would not end.
      .catch((error: unknown) => this.#logger.warn({ err: error, channel: name }, `An alert was not sent by ${name}`))
      .finally(() => this.#underway.delete(sending));
    this.#underway.add(sending);
  }

  /** Also when the clock was set back since. */
  #isMinuteOver(now: number): boolean {
    return now >= this.#minuteEndsAt || now < this.#minuteEndsAt - MINUTE_MS;
  }

  /** Sends a notice, or counts it when this minute has had enough of them. */
  send(notice: Notice, now: number): void {
    this.tellHeld(now);
    if (this.#isMinuteOver(now)) {
      this.#minuteEndsAt = now + MINUTE_MS;
      this.#sent = 0;
    }
    if (this.#sent >= this.#channel.maxPerMinute) {
      this.#held += 1;
      return;
    }
    this.#sent += 1;
    this.#send(notice);
  }

  /** Says how many notices were held back, once their minute is over, or at once. */
  tellHeld(now: number, isClosing = false): void {
    if (this.#held === 0 || !(this.#isMinuteOver(now) || isClosing)) return;
    const held = this.#held;
    this.#held = 0;
    const what = held === 1 ? '1 more alert' : `${held} more alerts`;
    const message = `And ${what} within a minute, about other problems: read the log, where each of them is.`;
    this.#send({ alert: { category: 'internal', key: 'more-alerts', message }, count: held, at: new Date(now) });
  }

  /** When held notices are due to be told; undefined = there are none. */
  nextEnd(): number | undefined {
    return this.#held > 0 ? this.#minuteEndsAt : undefined;
  }

  /** Resolves when nothing is underway any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underway);
  }
}
