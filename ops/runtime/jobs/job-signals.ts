import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { JobNotification, NotificationChannel, NotificationChannelState, NotificationHandler } from 'agenda';
import { toJobId } from 'agenda';
import pg from 'pg';
import type { Logger } from '#runtime/log/logger.js';

const CHANNEL = 'webmetrics_jobs';
const RECONNECT_MS = 1_000;

interface Message {
  sender: string;
  /** A job of this kind can run. */
  wake?: string;
  /** This job is not wanted any more. */
  cancel?: string;
}

/**
 * Tells the workers of all processes at once what they would notice anyway when they look next: that there is work, and
 * that a job was cancelled. Through PostgreSQL, also when the queue is in MongoDB, which has no such thing on a single
 * server. Without PostgreSQL it reaches this process only. Agenda's own channel ends the process when its connection is
 * lost, as nobody listens for the error it then emits.
 */
export class JobSignals extends EventEmitter implements NotificationChannel {
  readonly #url: string | undefined;
  readonly #logger: Logger;
  readonly #sender = randomUUID();
  readonly #handlers = new Set<NotificationHandler>();
  readonly #looking = new Set<string>();
  readonly #lookAgain = new Set<string>();
  readonly #pool: pg.Pool | undefined;
  #listener: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onCancel: (jobId: string) => void = () => {};
  state: NotificationChannelState = 'disconnected';

  constructor(url: string | undefined, logger: Logger) {
    super();
    this.#url = url;
    this.#logger = logger;
    if (!url) return;
    this.#pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'webmetrics job signals' });
    this.#pool.on('error', () => {});
  }

  onCancel(handler: (jobId: string) => void): void {
    this.#onCancel = handler;
  }

  /** Begins to listen, and does so again whenever the connection was lost. Never fails: who hears nothing looks by itself. */
  async connect(): Promise<void> {
    this.state = 'connected';
    await this.#listen();
  }

  async #listen(): Promise<void> {
    if (!this.#url || this.state !== 'connected') return;
    const client = new pg.Client({ connectionString: this.#url, application_name: 'webmetrics job signals' });
    this.#listener = client;
    let isLost = false;
    const lost = () => {
      if (isLost) return;
      isLost = true;
      void client.end().catch(() => {});
      if (this.state !== 'connected') return;
      this.#timer = setTimeout(() => void this.#listen(), RECONNECT_MS);
      this.#timer.unref();
    };
    client.on('error', lost).on('end', lost);
    client.on('notification', ({ payload }) => this.#hear(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      lost();
    }
  }

  #hear(payload: string | undefined): void {
    const { sender, wake, cancel } = JSON.parse(payload ?? '{}') as Message;
    if (sender === this.#sender) return;
    if (wake) this.#wakeHere(wake);
    if (cancel) this.#onCancel(cancel);
  }

  /** One look at a time for each kind: many at once would take more than there is room for, and give it back. */
  #wakeHere(name: string): void {
    if (this.#looking.has(name)) return void this.#lookAgain.add(name);
    this.#looking.add(name);
    const wake = { jobId: toJobId(''), jobName: name, nextRunAt: null, priority: 0, timestamp: new Date() };
    void Promise.allSettled([...this.#handlers].map(async (handler) => handler(wake))).then(() => {
      this.#looking.delete(name);
      if (this.#lookAgain.delete(name)) this.#wakeHere(name);
    });
  }

  #send(message: Omit<Message, 'sender'>): void {
    this.#pool
      ?.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ sender: this.#sender, ...message })])
      .catch((error) => this.#logger.warn({ err: error }, 'Other workers could not be told about a job at once'));
  }

  /** Lets workers look for jobs of this kind now; with `everywhere`, also those of other processes. */
  wake(name: string, { everywhere }: { everywhere: boolean }): void {
    this.#wakeHere(name);
    if (everywhere) this.#send({ wake: name });
  }

  cancel(jobId: string): void {
    this.#onCancel(jobId);
    this.#send({ cancel: jobId });
  }

  /** What Agenda tells about jobs it saves by itself: those with a schedule, and those of the console. */
  async publish({ jobName }: JobNotification): Promise<void> {
    this.wake(jobName, { everywhere: true });
  }

  subscribe(handler: NotificationHandler): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  async disconnect(): Promise<void> {
    this.state = 'disconnected';
    clearTimeout(this.#timer);
    this.#handlers.clear();
    await this.#listener?.end().catch(() => {});
    this.#listener = undefined;
  }

  async close(): Promise<void> {
    await this.disconnect();
    await this.#pool?.end();
  }
}
