import { createClient } from '@keyv/redis';
import type { Logger } from '#runtime/log/logger.js';
import { observeRedis } from '#runtime/telemetry/observe-cache.js';

export type RedisClient = ReturnType<typeof createClient>;

export interface RedisLinkOptions {
  url: string;
  logger: Logger;
  /** What is done while Redis is away, for the log: "caching in memory". */
  meanwhile: string;
  /** Prepares each new connection before anybody uses it. */
  prepare?(client: RedisClient): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 500;
const RETRY_MS = 1_000;

/** Redis is not asked while it is away: waiting for it on every call would slow everything down. */
export class RedisAway extends Error {
  constructor() {
    super('Redis is away');
    this.name = 'RedisAway';
  }
}

/** Rejects what is not there in time. The Redis client itself stops counting once a command is sent. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // One more turn: after a pause of this process the answer may be waiting to be read.
    const fail = () => setImmediate(() => reject(new Error(`Redis did not answer within ${ANSWER_TIMEOUT_MS} ms`)));
    timer = setTimeout(fail, ANSWER_TIMEOUT_MS);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

function destroy(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

/**
 * A connection to a Redis that may go away. Every call ends within half a second; a connection that failed or fell
 * silent is dropped with all it was sent, and a new one is tried for every second. One warning when Redis goes, one
 * line when it is back.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #firstAttempt: Promise<void>;
  /** undefined = not (or not yet) to be used. */
  #client: RedisClient | undefined;
  #isAway = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#firstAttempt = this.#connect();
  }

  /** Whether Redis is used now. */
  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /** Returns what the command answers. Throws when Redis is away, or does not answer in time. */
  async run<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.#isAway) await this.#firstAttempt;
    const client = this.#client;
    if (!client) throw new RedisAway();
    try {
      return await inTime(command(client));
    } catch (error) {
      this.#leave(client, error);
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const client: RedisClient = createClient({
      url: this.#options.url,
      disableOfflineQueue: true,
      // A client that reconnects by itself would be used before it is prepared.
      socket: { connectTimeout: ANSWER_TIMEOUT_MS, reconnectStrategy: false },
    });
    client.on('error', (error) => this.#leave(client, error));
    try {
      await inTime(client.connect().then(() => this.#options.prepare?.(client)));
    } catch (error) {
      destroy(client);
      this.#wentAway(error);
      return;
    }
    if (this.#isClosed) return destroy(client);
    this.#client = client;
    if (this.#isAway) this.#options.logger.info('Redis is back');
    this.#isAway = false;
    observeRedis(false);
  }

  #leave(client: RedisClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    destroy(client);
    this.#wentAway(error);
  }

  #wentAway(error: unknown): void {
    if (this.#isClosed) return;
    const { logger, meanwhile } = this.#options;
    if (!this.#isAway) logger.warn({ err: error }, `Redis is away: ${meanwhile} until it is back`);
    this.#isAway = true;
    observeRedis(true);
    this.#retry = setTimeout(() => void this.#connect(), RETRY_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    if (this.#client) destroy(this.#client);
    this.#client = undefined;
  }
}
