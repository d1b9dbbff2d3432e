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
  wake?: string;
  cancel?: string;
}

/**
 * Notifies the workers of all processes of new and cancelled jobs, sooner than polling. Through LISTEN/NOTIFY of
 * PostgreSQL, also for a queue in MongoDB, whose change streams need a replica set; without PostgreSQL within this
 * process only. Agenda's own channel emits an unhandled error, which ends the process, when it loses its connection.
 */
export class JobSignals extends EventEmitter implements NotificationChannel {
  readonly #url: string | undefined;
  readonly #logger: Logger;
  readonly #sender = randomUUID();
  readonly #handlers = new Set<NotificationHandler>();
  readonly #polling = new Set<string>();
  readonly #pollAgain = new Set<string>();
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

  /** Calls `handler` with the id of each cancelled job. */
  onCancel(handler: (jobId: string) => void): void {
    this.#onCancel = handler;
  }

  /** Listens, reconnecting when necessary. Never rejects: workers poll anyway. */
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
    client.on('notification', ({ payload }) => this.#receive(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      lost();
    }
  }

  #receive(payload: string | undefined): void {
    const { sender, wake, cancel } = JSON.parse(payload ?? '{}') as Message;
    if (sender === this.#sender) return;
    if (wake) this.#wakeHere(wake);
    if (cancel) this.#onCancel(cancel);
  }

  /** One poll at a time for each kind: concurrent ones would take more jobs than there are slots. */
  #wakeHere(name: string): void {
    if (this.#polling.has(name)) return void this.#pollAgain.add(name);
    this.#polling.add(name);
    const wake = { jobId: toJobId(''), jobName: name, nextRunAt: null, priority: 0, timestamp: new Date() };
    void Promise.allSettled([...this.#handlers].map(async (handler) => handler(wake))).then(() => {
      this.#polling.delete(name);
      if (this.#pollAgain.delete(name)) this.#wakeHere(name);
    });
  }

  #send(message: Omit<Message, 'sender'>): void {
    this.#pool
      ?.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ sender: this.#sender, ...message })])
      .catch((error) => this.#logger.warn({ err: error }, 'Notification of other workers failed'));
  }

  /** Makes workers poll for this kind now; with `everywhere`, in all processes. */
  wake(name: string, { everywhere }: { everywhere: boolean }): void {
    this.#wakeHere(name);
    if (everywhere) this.#send({ wake: name });
  }

  /** Aborts a running job, in whichever process. */
  cancel(jobId: string): void {
    this.#onCancel(jobId);
    this.#send({ cancel: jobId });
  }

  /** Called by Agenda for jobs with a schedule, and those of the console. */
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
