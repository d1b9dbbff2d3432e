import type { createClient } from '@keyv/redis';
import type { Logger } from '#runtime/log/logger.js';
import { reasonOf } from '#runtime/log/reason-of.js';
import { observeRedis } from '#runtime/telemetry/observe-cache.js';

export type RedisClient = ReturnType<typeof createClient>;

export interface RedisLinkOptions {
  url: string;
  logger: Logger;
  /** What happens while Redis is away, for the log: "caching in memory". */
  meanwhile: string;
  /** Prepares each new connection before its first command. */
  prepare?(client: RedisClient): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 500;
const RETRY_MS = 1_000;

/** Thrown at once while Redis is away, instead of a timeout for every command. */
export class RedisAway extends Error {
  constructor() {
    super('Redis is away');
    this.name = 'RedisAway';
  }
}

/** Thrown for one command without a reply in time, or refused for lack of memory. The connection goes on. */
export class RedisCommandFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisCommandFailed';
  }
}

/** Rejects after the timeout. That of the Redis client ends once a command is sent. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // One turn later: after a pause of this process the reply may be waiting to be read.
    const fail = () =>
      setImmediate(() => reject(new RedisCommandFailed(`Redis did not answer within ${ANSWER_TIMEOUT_MS} ms`)));
    timer = setTimeout(fail, ANSWER_TIMEOUT_MS);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** Redis refuses to write because its memory is full. */
const isOutOfMemory = (error: unknown) => error instanceof Error && error.message.startsWith('OOM ');

function destroy(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

/**
 * A connection to a Redis that may go away. Every command settles within half a second. After one without a reply a ping is
 * sent: when that, too, has none in half a second, or the connection fails, it is dropped, and a new one is tried every
 * second. Logs once when Redis goes and once when it is back.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #firstAttempt: Promise<void>;
  #client: RedisClient | undefined;
  #isAway = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #probe: Promise<void> | undefined;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#firstAttempt = this.#connect();
  }

  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Returns the reply to a command. Rejects with RedisCommandFailed when only this command failed, otherwise when Redis is
   * away.
   */
  async run<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.#isAway) await this.#firstAttempt;
    const client = this.#client;
    if (!client) throw new RedisAway();
    try {
      return await inTime(command(client));
    } catch (error) {
      if (isOutOfMemory(error)) throw new RedisCommandFailed('Redis is full', { cause: error });
      if (error instanceof RedisCommandFailed) this.#probe ??= this.#ping(client, error);
      else this.#drop(client, error);
      throw error;
    }
  }

  /** Returns the reply to a command however late it is. Rejects when the connection ends. */
  async send<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.#client) throw new RedisAway();
    return command(this.#client);
  }

  async #ping(client: RedisClient, late: RedisCommandFailed): Promise<void> {
    try {
      await inTime(client.ping());
    } catch {
      this.#drop(client, late);
    } finally {
      this.#probe = undefined;
    }
  }

  async #connect(): Promise<void> {
    // Loaded where there is a Redis only, for the start-up time and memory it takes.
    const redis = await import('@keyv/redis');
    const client: RedisClient = redis.createClient({
      url: this.#options.url,
      disableOfflineQueue: true,
      // A client that reconnects by itself would be used unprepared.
      socket: { connectTimeout: ANSWER_TIMEOUT_MS, reconnectStrategy: false },
    });
    client.on('error', (error) => this.#drop(client, error));
    try {
      await inTime(client.connect().then(() => this.#options.prepare?.(client)));
    } catch (error) {
      destroy(client);
      this.#scheduleRetry(error);
      return;
    }
    if (this.#isClosed) return destroy(client);
    this.#client = client;
    if (this.#isAway) this.#options.logger.info('Redis is back');
    this.#isAway = false;
    observeRedis(false);
  }

  #drop(client: RedisClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    destroy(client);
    this.#scheduleRetry(error);
  }

  #scheduleRetry(error: unknown): void {
    if (this.#isClosed) return;
    const { logger, meanwhile } = this.#options;
    if (!this.#isAway) logger.warn({ reason: reasonOf(error) }, `Redis is away: ${meanwhile} until it is back`);
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
