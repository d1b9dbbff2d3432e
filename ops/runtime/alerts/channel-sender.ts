import type { AlertChannel, Notice } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';
import { processIdentity } from '#runtime/process/process-identity.js';

const MINUTE_MS = 60_000;

/** Sends notices over one channel within its rate limit. A failing channel is logged and nothing else. */
export class ChannelSender {
  readonly #channel: AlertChannel;
  readonly #logger: Logger;
  readonly #inFlight = new Set<Promise<void>>();
  #minuteEndsAt = 0;
  #sent = 0;
  #held = 0;
  #heldSince = 0;
  #heldUntil = 0;

  constructor(channel: AlertChannel, logger: Logger) {
    this.#channel = channel;
    this.#logger = logger;
  }

  get isLog(): boolean {
    return this.#channel.isLog ?? false;
  }

  #send(notice: Notice): void {
    const { name } = this.#channel;
    const sending = Promise.resolve()
      .then(() => this.#channel.send(notice))
      // Not an alert, which would fail again.
      .catch((error: unknown) => this.#logger.warn({ err: error, channel: name }, `Sending an alert by ${name} failed`))
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
  }

  /** Also after the clock was set back. */
  #isMinuteOver(now: number): boolean {
    return now >= this.#minuteEndsAt || now < this.#minuteEndsAt - MINUTE_MS;
  }

  /** Sends a notice, or counts it once the limit of this minute is reached. */
  send(notice: Notice, now: number): void {
    this.reportHeld(now);
    if (this.#isMinuteOver(now)) {
      this.#minuteEndsAt = now + MINUTE_MS;
      this.#sent = 0;
    }
    if (this.#sent >= this.#channel.maxPerMinute) {
      if (this.#held === 0) this.#heldSince = now;
      this.#heldUntil = now;
      this.#held += 1;
      return;
    }
    this.#sent += 1;
    this.#send(notice);
  }

  /** Sends the number of notices held back, once their minute is over or when closing. */
  reportHeld(now: number, isClosing = false): void {
    if (this.#held === 0 || !(this.#isMinuteOver(now) || isClosing)) return;
    const held = this.#held;
    this.#held = 0;
    const what = held === 1 ? '1 more alert' : `${held} more alerts`;
    const message = `And ${what} within a minute, about other problems: read the log, where each of them is.`;
    const alert = { category: 'internal', key: 'more-alerts', runbook: 'unexpected-error', message } as const;
    const [firstAt, lastAt] = [this.#heldSince, this.#heldUntil].map((at) => new Date(at)) as [Date, Date];
    this.#send({ alert, count: held, firstAt, lastAt, source: processIdentity() });
  }

  /** When held notices are due; undefined when there are none. */
  nextEnd(): number | undefined {
    return this.#held > 0 ? this.#minuteEndsAt : undefined;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }
}
