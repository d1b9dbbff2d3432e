import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';

// Starts the processes that render, whose command line for Node.js its arguments are: forking this small process takes a fraction of what
// forking a serving one does. It is controlled over IPC, and ends, with all that it started, when that channel closes.

/** What its parent sends. The ids are the parent's. */
export interface LauncherCommand {
  kind: 'start' | 'kill';
  id: number;
}

/** How a process ended; `errors` is the end of what it wrote to stderr. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  errors: string;
}

/** What its parent receives: `started` comes with the socket that is stdin of the process, in both directions. */
export type LauncherEvent = { kind: 'started'; id: number } | ({ kind: 'ended'; id: number } & Ending);

const MAX_ERROR_CHARACTERS = 4_000;
const WATCH_MS = 1_000;
const children = new Map<number, ChildProcess>();
let isStopping = false;

const report = (event: LauncherEvent, child?: ChildProcess) =>
  // A parent that is gone reads nothing.
  process.send?.(event, child?.stdin as Socket | undefined, {}, () => {});

function start(id: number): void {
  // Of what was written to stdout, nothing belongs to the file.
  const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['pipe', 'ignore', 'pipe'], env: {} });
  children.set(id, child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    errors = (errors + piece).slice(-MAX_ERROR_CHARACTERS);
  });
  const end = (ending: Ending) => {
    if (children.delete(id)) report({ kind: 'ended', id, ...ending });
    if (isStopping) exitWithoutChildren();
  };
  child.on('error', ({ message }) => end({ code: null, signal: null, errors: message }));
  child.once('close', (code, signal) => end({ code, signal, errors }));
  if (child.pid !== undefined) report({ kind: 'started', id }, child);
}

function obey({ kind, id }: LauncherCommand): void {
  if (kind === 'kill') return void children.get(id)?.kill('SIGKILL');
  try {
    start(id);
  } catch (error) {
    report({ kind: 'ended', id, code: null, signal: null, errors: (error as Error).message });
  }
}

function exitWithoutChildren(): void {
  if (children.size === 0) process.exit(0);
}

function stop(): void {
  isStopping = true;
  for (const child of children.values()) child.kill('SIGKILL');
  exitWithoutChildren();
}

// What it starts inherits it.
setPriority(constants.priority.PRIORITY_LOW);
process.on('message', obey).on('disconnect', stop);
// That event does not come while a socket is on its way to a parent that was killed.
setInterval(() => process.connected || stop(), WATCH_MS);
// A terminal and a service manager signal a whole group: the parent decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
if (!process.connected) stop();
