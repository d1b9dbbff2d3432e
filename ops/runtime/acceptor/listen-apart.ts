import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FastifyInstance } from 'fastify';
import { explainListening } from '#runtime/http/listen.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { AcceptorOptions } from './acceptor.js';
import { startHeartbeat } from './heartbeat.js';
import { expectProxyLine } from './proxy-line.js';

export interface ListenApartOptions extends Pick<AcceptorOptions, 'host' | 'port' | 'environment'> {
  /** What the port is called where somebody sets it, such as `PORT`. */
  variable: string;
  lifecycle: Lifecycle;
}

/** What the thread is given. */
export interface AcceptorOrder extends Omit<AcceptorOptions, 'isBehindAlive'> {
  /** Where this thread's heart beats. */
  cell: SharedArrayBuffer;
}

/** What the thread tells: its port or why it has none, and that it has stopped accepting. */
export interface AcceptorReport {
  port?: number;
  failure?: { code?: string; message: string };
  isClosed?: true;
}

/** A local connection beyond this number is refused at once rather than kept waiting until the server gets to it. */
const BACKLOG = 4_096;
// A thread runs what is built, also when whoever starts it runs from its sources.
const THREAD = join(projectRoot, 'dist/ops/runtime/acceptor/acceptor-thread.js');

/** Returns a local address that only this user can reach, and what removes it. */
function makeLocalAddress(): { path: string; remove(): void } {
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\webmetrics-${randomUUID()}`, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-'));
  return { path: join(folder, 'http.sock'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function report(thread: Worker): Promise<AcceptorReport> {
  const [message] = (await once(thread, 'message')) as [AcceptorReport];
  return message;
}

/**
 * Lets a server take its connections from a thread of its own, which answers `/health` by itself, however busy this
 * thread is, and passes on everything else. Returns the port. It stops accepting when the lifecycle closes, before the
 * server does, which should be open by now. Throws ConfigurationError when the port cannot be had.
 */
export async function listenApart(app: FastifyInstance, options: ListenApartOptions): Promise<number> {
  const { host, port, environment, variable, lifecycle } = options;
  const address = makeLocalAddress();
  lifecycle.onClose('Local address', address.remove);
  await app.ready();
  expectProxyLine(app.server);
  await app.listen({ path: address.path, backlog: BACKLOG });
  const heartbeat = startHeartbeat();
  lifecycle.onClose('Heartbeat', heartbeat.stop);
  const order: AcceptorOrder = { host, port, path: address.path, environment, cell: heartbeat.cell };
  const thread = new Worker(THREAD, { workerData: order, name: 'acceptor' });
  const { port: actualPort, failure } = await report(thread);
  if (actualPort === undefined) {
    await thread.terminate();
    throw explainListening(Object.assign(new Error(failure?.message), { code: failure?.code }), port, variable);
  }
  lifecycle.onClose('Acceptor', async () => {
    const closed = report(thread);
    thread.postMessage('close');
    await closed;
    thread.unref();
  });
  return actualPort;
}
