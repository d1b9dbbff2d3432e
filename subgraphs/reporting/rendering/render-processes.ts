import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Ending, LauncherCommand, LauncherEvent } from './render-launcher.js';

// The build, also where this process runs the sources, as in tests.
const PROGRAMS = join(projectRoot, 'dist/subgraphs/reporting/rendering');
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
const LAUNCHER_FLAGS = ['--max-old-space-size=32', '--max-semi-space-size=1', '--single-threaded-gc'];

/** Is settled from outside; a rejection that is not awaited is no error. */
class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    this.promise.catch(() => {});
  }
}

/** One process that renders. */
export class RenderProcess {
  readonly #onKill: () => void;
  readonly #socket = new Deferred<Socket>();
  readonly #ended = new Deferred<Ending>();
  #connected: Socket | undefined;
  #failure: Error | undefined;

  /** `onKill` ends the process itself. */
  constructor(onKill: () => void) {
    this.#onKill = onKill;
  }

  /** Takes the task and gives the file. Rejects when the process cannot be started, or was killed from here. */
  get socket(): Promise<Socket> {
    return this.#socket.promise;
  }

  /** How the process ended by itself. Rejects when it was killed from here, or cannot be known. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  connect(socket: Socket): void {
    this.#connected = socket;
    // The reader sees the error; without any listener, one that comes before it reads would end this process.
    socket.on('error', () => {});
    if (this.#failure) socket.destroy(this.#failure);
    this.#socket.resolve(socket);
  }

  end(ending: Ending): void {
    this.#ended.resolve(ending);
    this.#socket.reject(new Error(`A process that renders did not start: ${ending.errors || ending.signal}`));
  }

  /** Ends what waits for the process with an error, and closes its socket. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.reject(error);
    this.#ended.reject(error);
    this.#connected?.destroy(error);
  }

  /** Ends the process, and what waits for it with an error. */
  kill(error = new Error('The process that renders was ended.')): void {
    if (this.#failure) return;
    this.fail(error);
    this.#onKill();
  }
}

/** Starts processes that render, by one small process that is forked in place of this one: see decision 0098. */
export class RenderProcesses {
  readonly #running = new Map<number, RenderProcess>();
  #launcher: ChildProcess | undefined;
  #lastId = 0;
  #isClosed = false;

  /** How many processes there are now. */
  get count(): number {
    return this.#running.size;
  }

  /** Starts the process that starts the others, unless it runs. */
  open(): ChildProcess {
    this.#launcher ??= this.#fork();
    return this.#launcher;
  }

  #fork(): ChildProcess {
    const launcher = fork(join(PROGRAMS, 'render-launcher.js'), [...RENDER_FLAGS, join(PROGRAMS, 'render-child.js')], {
      execArgv: LAUNCHER_FLAGS,
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    launcher.on('message', (event: LauncherEvent, socket) => this.#receive(event, socket as Socket | undefined));
    const lose = (how: unknown) =>
      this.#lose(launcher, new Error(`The launcher of processes that render ended: ${how}`));
    launcher.once('exit', (code, signal) => lose(code ?? signal));
    launcher.on('error', lose);
    return launcher;
  }

  #receive(event: LauncherEvent, socket: Socket | undefined): void {
    const child = this.#running.get(event.id);
    if (event.kind === 'ended') {
      this.#running.delete(event.id);
      child?.end(event);
    } else if (child && socket) child.connect(socket);
    else socket?.destroy();
  }

  /** What it started ends by its closed socket. */
  #lose(launcher: ChildProcess, error: Error): void {
    if (this.#launcher !== launcher) return;
    this.#launcher = undefined;
    launcher.kill('SIGKILL');
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const child of running) child.fail(error);
  }

  /** Starts a process that renders. Throws once this is closed. */
  start(): RenderProcess {
    if (this.#isClosed) throw new Error('This process stops.');
    const launcher = this.open();
    this.#lastId += 1;
    const id = this.#lastId;
    // What cannot be sent is followed by the end of the launcher.
    const send = (kind: LauncherCommand['kind']) => launcher.send({ kind, id } satisfies LauncherCommand, () => {});
    const child = new RenderProcess(() => send('kill'));
    this.#running.set(id, child);
    send('start');
    return child;
  }

  /** Ends all processes, and waits for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const child of this.#running.values()) child.kill();
    const launcher = this.#launcher;
    if (!launcher) return;
    const ended = once(launcher, 'exit');
    if (launcher.connected) launcher.disconnect();
    await ended;
  }
}
