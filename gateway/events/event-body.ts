import { Readable } from 'node:stream';

const MIN_RECONNECT_MS = 1_000;
const MAX_RECONNECT_MS = 5_000;
/** What a slow client may have to catch up with; then it gets the newest state only. */
const BUFFER_BYTES = 4 * 1024;

/**
 * The body of a `text/event-stream` response (HTML Living Standard, 9.2). A client that reads more slowly than events come
 * misses those in between.
 */
export class EventBody extends Readable {
  #hasRoom = true;
  #waiting: string | undefined;
  #isEnded = false;

  constructor() {
    super({ highWaterMark: BUFFER_BYTES });
    // Clients come back at different times after all of them lost the process.
    const retryMs = MIN_RECONNECT_MS + Math.floor(Math.random() * (MAX_RECONNECT_MS - MIN_RECONNECT_MS));
    this.#push(`retry: ${retryMs}\n\n`);
  }

  override _read(): void {
    this.#hasRoom = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#push(waiting);
    if (this.#isEnded) this.push(null);
  }

  /** Sends an event; `data` is one line. */
  event(name: string, data: string, id?: string): void {
    const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`;
    if (this.#isEnded) return;
    if (this.#hasRoom) this.#push(text);
    else this.#waiting = text;
  }

  /** Sends a comment, so that proxies keep an idle connection open. */
  heartbeat(): void {
    if (this.#hasRoom && !this.#isEnded) this.#push(':\n\n');
  }

  /** Ends the stream after what was sent. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#waiting === undefined) this.push(null);
  }

  #push(text: string): void {
    this.#hasRoom = this.push(text);
  }
}
