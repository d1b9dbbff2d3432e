import { once } from 'node:events';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { Conflict, ServiceUnavailable } from '#runtime/errors.js';
import type { Services } from '#runtime/services.js';
import { ENDINGS, encodeTask } from './child-protocol.js';
import { FileContent } from './file-content.js';
import type { Ending } from './render-launcher.js';
import { RenderProcesses } from './render-processes.js';
import type { Format, Presentation } from './renderer.js';
import { fileFormatOf } from './renderers.js';
import { Semaphore } from './semaphore.js';

/** A process that writes nothing for so long hangs. */
const SILENCE_MS = 5 * 60 * 1000;
/** A reader that takes nothing for so long loses its file: sooner while others wait for their turn. */
const STALLED_MS = { alone: 5 * 60 * 1000, whileOthersWait: 15_000 };
const LOOK_EVERY_MS = 1_000;
const MAX_WAITING = 32;
/** Of files that are rendered in this process, between the requests it answers. */
const MAX_LIGHT = 32;

/** One file to be rendered. */
export interface RenderTask {
  dataset: StoredDataset;
  format: Format;
  presentation: Presentation;
  /** Ends the work. */
  signal: AbortSignal;
}

/**
 * Renders the files of reports: heavy ones in processes of their own, of low priority and bounded memory, which read their rows over a
 * connection to PostgreSQL of their own.
 */
export class RenderHost {
  readonly #databaseUrl: string;
  readonly #stalledMs: typeof STALLED_MS;
  readonly #processes = new RenderProcesses();
  readonly #heavy = new Semaphore(Math.max(1, availableParallelism()), MAX_WAITING);
  readonly #light = new Semaphore(MAX_LIGHT, MAX_WAITING);

  constructor({ databaseUrl }: Pick<Services, 'databaseUrl'>, stalledMs = STALLED_MS) {
    this.#databaseUrl = databaseUrl;
    this.#stalledMs = stalledMs;
  }

  /** How many processes render now. */
  get running(): number {
    return this.#processes.count;
  }

  /** Prepares for files: forking this process is cheap while it is small. */
  open(): void {
    this.#processes.open();
  }

  /**
   * Returns the content of a file once its first bytes are there. It fails when the rest cannot be made, and is never shorter; destroying
   * it, or `signal`, ends the work, and so does a reader that takes nothing while others wait. Throws ServiceUnavailable when too many
   * files are being rendered.
   */
  async render(task: RenderTask): Promise<Readable> {
    const format = fileFormatOf(task.format);
    if (!format) throw new Error(`There is no format ${task.format}.`);
    const isHeavy = format.isHeavy(task.presentation);
    const semaphore = isHeavy ? this.#heavy : this.#light;
    const release = await semaphore.acquire(task.signal);
    const ended = new AbortController();
    const content = new FileContent();
    // The reader sees the error; without any listener, one that comes before it reads would end this process.
    content.on('error', () => {});
    const end = () => content.destroy(task.signal.reason);
    task.signal.addEventListener('abort', end, { once: true });
    const stalled = setInterval(() => this.#endStalled(content, semaphore), LOOK_EVERY_MS).unref();
    const free = () => {
      clearInterval(stalled);
      release();
    };
    content.once('close', () => {
      task.signal.removeEventListener('abort', end);
      ended.abort();
      free();
    });
    if (task.signal.aborted) end();
    const rendered = isHeavy
      ? pipeline(this.#renderApart(task, ended.signal), content)
      : this.#renderHere(task, content);
    // What is left then waits for its reader, and holds nothing up.
    rendered.then(free, (error: Error) => content.destroy(error));
    // A failure before the first byte is the caller's to see.
    await once(content, 'readable');
    return content;
  }

  #endStalled(content: FileContent, { waiting }: Semaphore): void {
    const limitMs = waiting > 0 ? this.#stalledMs.whileOthersWait : this.#stalledMs.alone;
    if (content.stalledMs >= limitMs) content.destroy(new Error('The reader of the file took nothing for too long.'));
  }

  async #renderHere({ dataset, format, presentation }: RenderTask, output: Writable): Promise<void> {
    const render = await fileFormatOf(format)?.load();
    await render?.(dataset, presentation, output);
  }

  async *#renderApart({ dataset, format, presentation }: RenderTask, ended: AbortSignal): AsyncGenerator<Buffer> {
    if (ended.aborted) return;
    const child = this.#processes.start();
    // Not only by the end of this function, which may be waiting for the next piece.
    ended.addEventListener('abort', () => child.kill(), { once: true });
    const giveUp = () => child.kill(new Error(`The process that rendered ${format} was silent for too long.`));
    const silence = setTimeout(giveUp, SILENCE_MS);
    try {
      const socket = await child.socket;
      const { manifest, attempt } = dataset;
      // Not ended: its end is how the process learns that nobody reads the file.
      socket.write(encodeTask({ format, presentation, manifest, attempt, databaseUrl: this.#databaseUrl }));
      for await (const piece of received(socket)) {
        silence.refresh();
        yield piece;
      }
      const failure = failureIn(await child.ended, format);
      if (failure) throw failure;
      if (socket.errored) throw socket.errored;
    } finally {
      clearTimeout(silence);
      child.kill();
    }
  }

  /** Ends all work. */
  close(): Promise<void> {
    return this.#processes.close();
  }
}

/** Yields what a process writes, until its socket ends or breaks, which is not thrown: how the process ended says more. */
async function* received(socket: Socket): AsyncGenerator<Buffer> {
  try {
    for await (const piece of socket) yield piece as Buffer;
  } catch {}
}

/** Returns the failure of a process by its end; undefined when the file is whole. */
function failureIn({ code, signal, errors }: Ending, format: Format): Error | undefined {
  if (code === 0) return undefined;
  const cause = new Error(`The process that rendered ${format} ended with ${code ?? signal}: ${errors}`);
  if (code === ENDINGS.deleted) return new Conflict('This report was deleted: order it again.', { cause });
  return code === ENDINGS.databaseAway ? new ServiceUnavailable({ cause }) : cause;
}

const hosts = new WeakMap<Services['lifecycle'], RenderHost>();

/** Returns the host of this process, which the subgraph opens before it serves, and its lifecycle closes after that. */
export function renderHostOf({ lifecycle, databaseUrl }: Pick<Services, 'lifecycle' | 'databaseUrl'>): RenderHost {
  const known = hosts.get(lifecycle);
  if (known) return known;
  const host = new RenderHost({ databaseUrl });
  hosts.set(lifecycle, host);
  lifecycle.onClose('Files of reports', () => host.close());
  return host;
}
