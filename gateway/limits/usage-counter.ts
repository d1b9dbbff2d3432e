import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';

/** What an organization used on a day (UTC). */
export interface OrganizationDay {
  organizationId: string;
  /** YYYY-MM-DD. */
  date: string;
  requests: number;
  cost: number;
}

/** What was counted since the batch before. */
export interface UsageBatch {
  /** The id of this process. */
  source: string;
  /** 1 for the first; ascends. */
  sequence: number;
  days: OrganizationDay[];
}

export interface UsageCounterOptions {
  /** Records a batch, once however often it is sent. Rejects when that is in doubt. */
  send(batch: UsageBatch): Promise<unknown>;
  now(): Date;
  logger: Logger;
  /** Default: 5 seconds. */
  flushMs?: number;
  /** How many organizations and days are held at once. */
  maxDays?: number;
}

const FLUSH_MS = 5_000;
const MAX_DAYS = 100_000;
const MAX_BATCH = 1_000;
/** For the last batch, of the time in which a process stops. */
const CLOSE_MS = 5_000;

/**
 * Counts the requests of users and API keys, and their cost, by organization and day (UTC), and sends them every few seconds. A batch
 * is kept, and sent again, until it is recorded; memory is bounded.
 */
export class UsageCounter {
  readonly #options: UsageCounterOptions;
  readonly #maxDays: number;
  readonly #timer: NodeJS.Timeout;
  readonly #source = randomUUID();
  #sequence = 0;
  #days = new Map<string, OrganizationDay>();
  /** Sent, and not known to be recorded. */
  #batch: UsageBatch | undefined;
  #flushing: Promise<void> | undefined;
  /** Requests and operations that there was no memory for. */
  #uncounted = 0;
  #isAway = false;

  constructor(options: UsageCounterOptions) {
    this.#options = options;
    this.#maxDays = options.maxDays ?? MAX_DAYS;
    this.#timer = setInterval(() => void this.flush(), options.flushMs ?? FLUSH_MS).unref();
  }

  /** Counts a request that was admitted. */
  countRequest(identity: Identity): void {
    this.#add(identity, 1, 0);
  }

  /** Counts what an operation cost. */
  countCost(identity: Identity, cost: number): void {
    this.#add(identity, 0, cost);
  }

  /** Sends what was counted until now. Resolves also when it could not be sent, and is kept. */
  flush(): Promise<void> {
    this.#flushing ??= this.#sendAll()
      .catch((err) => {
        if (!this.#isAway)
          this.#options.logger.warn({ err }, 'Usage cannot be recorded now: it is kept and sent again');
        this.#isAway = true;
      })
      .finally(() => {
        this.#flushing = undefined;
      });
    return this.#flushing;
  }

  /** Sends the rest, and reports what could not be recorded. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const limit = new AbortController();
    const flushed = async () => {
      // One that began before may have failed.
      await this.#flushing;
      await this.flush();
      limit.abort();
    };
    await Promise.race([flushed(), wait(CLOSE_MS, undefined, { signal: limit.signal, ref: false }).catch(() => {})]);
    const lost = [...(this.#batch?.days ?? []), ...this.#days.values()];
    if (lost.length === 0) return;
    const requests = lost.reduce((sum, day) => sum + day.requests, 0);
    const cost = lost.reduce((sum, day) => sum + day.cost, 0);
    this.#options.logger.warn({ requests, cost, days: lost.length }, 'Usage was not recorded before the stop');
  }

  #add({ kind, organizationId }: Identity, requests: number, cost: number): void {
    if (!organizationId || (kind !== 'user' && kind !== 'apiKey')) return;
    const date = this.#options.now().toISOString().slice(0, 10);
    const key = `${organizationId} ${date}`;
    const day = this.#days.get(key);
    if (day) {
      day.requests += requests;
      day.cost += cost;
    } else if (this.#days.size < this.#maxDays) {
      this.#days.set(key, { organizationId, date, requests, cost });
    } else {
      this.#uncounted += 1;
    }
  }

  #takeBatch(): UsageBatch | undefined {
    if (this.#days.size === 0) return undefined;
    const days: OrganizationDay[] = [];
    for (const [key, day] of this.#days) {
      days.push(day);
      this.#days.delete(key);
      if (days.length === MAX_BATCH) break;
    }
    this.#sequence += 1;
    return { source: this.#source, sequence: this.#sequence, days };
  }

  async #sendAll(): Promise<void> {
    if (this.#uncounted > 0)
      this.#options.logger.error({ count: this.#uncounted }, 'Usage was not counted: memory is full');
    this.#uncounted = 0;
    for (;;) {
      this.#batch ??= this.#takeBatch();
      if (!this.#batch) return;
      await this.#options.send(this.#batch);
      this.#batch = undefined;
      this.#isAway = false;
    }
  }
}
