import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConfigurationError } from '#runtime/errors.js';
import { explainListening } from '#runtime/http/listen.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { HealthListenerOptions } from './health-listener.js';
import { Heartbeat } from './heartbeat.js';

export interface HealthServerOptions extends Pick<HealthListenerOptions, 'host' | 'environment'> {
  /** HEALTH_PORT; undefined = no server, 0 = any free port. */
  port: number | undefined;
  /** Must be another one. */
  mainPort: number | undefined;
  logger: Logger;
  lifecycle: Lifecycle;
  hungAfterMs?: number;
}

export interface HealthServer {
  port: number | undefined;
  /** Answers 200 from now on; 503 before. */
  markStarted(): void;
}

export interface HealthThreadTask extends Omit<HealthListenerOptions, 'isStarting' | 'isHung'> {
  heartbeat: SharedArrayBuffer;
  hungAfterMs: number;
  isStarted: SharedArrayBuffer;
}

export type HealthThreadReport = { port: number } | { failure: { code?: string; message: string } };

/** Far longer than a busy event loop delays a timer. */
const HUNG_AFTER_MS = 10_000;

// The build, also where the main thread runs the sources, as in tests.
const THREAD = join(projectRoot, 'dist/ops/runtime/health/health-thread.js');

/**
 * Answers `GET /health` on HEALTH_PORT from a thread of its own, however busy the main thread is: 503 while the process
 * starts, then 200, and no answer once the main thread has not reacted for ten seconds. To be opened first, so that it is
 * closed last. Throws ConfigurationError when the port cannot be had.
 */
export async function openHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port, mainPort, environment, logger, lifecycle, hungAfterMs = HUNG_AFTER_MS } = options;
  if (port === undefined) return { port, markStarted: () => {} };
  if (port !== 0 && port === mainPort) {
    throw new ConfigurationError(`HEALTH_PORT must be another port than ${mainPort}, the program's own.`);
  }
  const heartbeat = new Heartbeat();
  const started = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: HealthThreadTask = {
    host,
    port,
    environment,
    heartbeat: heartbeat.memory,
    hungAfterMs,
    isStarted: started.buffer as SharedArrayBuffer,
  };
  const stopHeartbeat = heartbeat.start();
  const thread = new Worker(THREAD, { workerData, name: 'health' });
  const close = async () => {
    await thread.terminate();
    stopHeartbeat();
  };
  const [report] = (await once(thread, 'message')) as [HealthThreadReport];
  if ('failure' in report) {
    const { code, message } = report.failure;
    await close();
    throw explainListening(Object.assign(new Error(message), { code }), port, 'HEALTH_PORT');
  }
  thread.on('error', (err) => logger.error({ err }, 'Health server failed'));
  thread.unref();
  lifecycle.onClose('Health server', close);
  return { port: report.port, markStarted: () => void Atomics.store(started, 0, 1) };
}
