import { parentPort, workerData } from 'node:worker_threads';
import { listenForProbes } from './health-listener.js';
import type { HealthThreadReport, HealthThreadTask } from './health-server.js';
import { Heartbeat } from './heartbeat.js';

// The thread that answers probes. Ends when the main thread terminates it, or with the process.

const { heartbeat: memory, hungAfterMs, isStarted, ...task } = workerData as HealthThreadTask;
const heartbeat = new Heartbeat(memory);
const started = new Int32Array(isStarted);
const report = (message: HealthThreadReport) => parentPort?.postMessage(message);

try {
  const { port } = await listenForProbes({
    ...task,
    isStarting: () => Atomics.load(started, 0) === 0,
    isHung: () => heartbeat.msSinceBeat() >= hungAfterMs,
  });
  report({ port });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  report({ failure: { code, message } });
}
