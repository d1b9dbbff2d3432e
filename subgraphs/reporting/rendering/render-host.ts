import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Services } from '#runtime/services.js';
import { encodeTask } from './child-protocol.js';
import type { Format, Presentation } from './renderer.js';
import { fileFormatOf } from './renderers.js';
import { Semaphore } from './semaphore.js';

// The build, also where this process runs the sources, as in tests.
const CHILD = join(projectRoot, 'dist/subgraphs/reporting/rendering/render-child.js');
const MAX_HEAP_MIB = 256;
/** Of what was made just now: twice as much is hardly quicker again, and holds 15 MB longer. */
const MAX_YOUNG_MIB = 8;
/** The flags of Node.js that bound the memory and the threads of a process that renders. */
export const RENDER_FLAGS = [
  `--max-old-space-size=${MAX_HEAP_MIB}`,
  `--max-semi-space-size=${MAX_YOUNG_MIB}`,
  // Threads that collect garbage take more of the processors than they save.
  '--single-threaded-gc',
];
/** A process that neither reads nor writes for so long hangs. */
const SILENCE_MS = 5 * 60 * 1000;
const MAX_WAITING = 32;
/** Of files that are rendered in this process, between the requests it answers. */
const MAX_LIGHT = 32;
const MAX_ERROR_CHARACTERS = 4_000;

/** One file to be rendered. */
export interface RenderTask {
  dataset: StoredDataset;
  format: Format;
  presentation: Presentation;
  /** Ends the work. */
  signal: AbortSignal;
}

/** Collects the end of what a process writes to stderr. */
function collectErrors({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-MAX_ERROR_CHARACTERS);
  });
  return () => text;
}

/** Renders the files of reports: heavy ones in processes of their own, of low priority and bounded memory. */
export class RenderHost {
  readonly #children = new Set<ChildProcess>();
  readonly #heavy = new Semaphore(Math.max(1, availableParallelism()), MAX_WAITING);
  readonly #light = new Semaphore(MAX_LIGHT, MAX_WAITING);
  #isClosed = false;

  /** How many processes render now. */
  get running(): number {
    return this.#children.size;
  }

  /**
   * Returns the content of a file once its first bytes are there. It fails when the rest cannot be made, and is never shorter; destroying
   * it, or `signal`, ends the work. Throws ServiceUnavailable when too many files are being rendered.
   */
  async render(task: RenderTask): Promise<Readable> {
    const format = fileFormatOf(task.format);
    if (!format) throw new Error(`There is no format ${task.format}.`);
    const release = await (format.isHeavy ? this.#heavy : this.#light).acquire(task.signal);
    const ended = new AbortController();
    const content = format.isHeavy
      ? Readable.from(this.#renderApart(task, ended.signal), { objectMode: false })
      : this.#renderHere(task);
    // The reader sees the error; without any listener, one that comes before it reads would end this process.
    content.on('error', () => {});
    const end = () => content.destroy(task.signal.reason);
    task.signal.addEventListener('abort', end, { once: true });
    content.once('close', () => {
      task.signal.removeEventListener('abort', end);
      ended.abort();
      release();
    });
    if (task.signal.aborted) end();
    // A failure before the first byte is the caller's to see.
    await once(content, 'readable');
    return content;
  }

  #renderHere({ dataset, format, presentation }: RenderTask): Readable {
    const output = new PassThrough();
    const render = async () => (await fileFormatOf(format)?.load())?.(dataset, presentation, output);
    render().catch((error: Error) => output.destroy(error));
    return output;
  }

  async *#renderApart({ dataset, format, presentation }: RenderTask, ended: AbortSignal): AsyncGenerator<Buffer> {
    if (this.#isClosed) throw new Error('This process stops.');
    if (ended.aborted) return;
    const child = spawn(process.execPath, [...RENDER_FLAGS, CHILD], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      windowsHide: true,
    });
    this.#children.add(child);
    // Not only by the end of this function, which may be waiting for the next piece.
    ended.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    const errors = collectErrors(child);
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    let silence: NodeJS.Timeout | undefined;
    try {
      await once(child, 'spawn');
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
      silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
      const sent = pipeline(
        watched(Readable.from(encodeTask(dataset, { format, presentation })), silence),
        child.stdin,
      );
      // Why the rows broke off says more than that the process could not go on without them.
      let failure: unknown;
      sent.catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') failure = error;
        child.kill('SIGKILL');
      });
      for await (const piece of child.stdout) {
        silence.refresh();
        yield piece as Buffer;
      }
      const { code, signal } = await exited;
      if (failure) throw failure;
      if (code !== 0) throw new Error(`The process that rendered ${format} ended with ${code ?? signal}: ${errors()}`);
    } finally {
      clearTimeout(silence);
      child.kill('SIGKILL');
      this.#children.delete(child);
    }
  }

  /** Ends all work. */
  close(): void {
    this.#isClosed = true;
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

async function* watched(pieces: AsyncIterable<Buffer>, silence: NodeJS.Timeout): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    silence.refresh();
    yield piece;
  }
}

const hosts = new WeakMap<Services['lifecycle'], RenderHost>();

/** Returns the host of this process, which the subgraph opens before it serves, and its lifecycle closes after that. */
export function renderHostOf({ lifecycle }: Pick<Services, 'lifecycle'>): RenderHost {
  const known = hosts.get(lifecycle);
  if (known) return known;
  const host = new RenderHost();
  hosts.set(lifecycle, host);
  lifecycle.onClose('Files of reports', () => host.close());
  return host;
}
