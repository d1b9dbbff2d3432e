import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { totalmem } from 'node:os';
import { openSimulator } from '#gateway/demo/open-simulator.js';
import { welcome } from '#gateway/demo/welcome.js';
import type { GatewayOptions } from '#gateway/run-gateway.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { ConfigurationError } from '#runtime/errors.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort } from '#runtime/http/listen.js';
import { greet, logStart, logStarted } from '#runtime/process/log-start.js';
import { onStopSignal } from '#runtime/process/stop-signals.js';
import { observeReplacedProcess } from '#runtime/telemetry/observe-gateway-processes.js';
import { closeUnaccepted } from './close-unaccepted.js';
import { endHungProcess } from './end-hung-process.js';
import { answerForMetrics } from './process-metrics.js';
import type { WorkerMessage } from './worker-messages.js';

/** A process that lived so long did not fail for a reason of its start. */
const STABLE_AFTER_MS = 60_000;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Returns how many milliseconds to wait before a process is replaced, of those that ended soon after their start the nth. */
export function pauseBeforeReplacing(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/** Of the memory of a container, as in the image for one process. */
const HEAP_SHARE = 0.7;
const MIB = 1024 * 1024;

/** Returns the flags for the heap of each of `count` processes in a container, which share its memory. */
export function heapOf(
  count: number,
  containerBytes = process.constrainedMemory(),
  machineBytes = totalmem(),
): string[] {
  const isBounded = containerBytes > 0 && containerBytes < machineBytes;
  return isBounded ? [`--max-old-space-size=${Math.floor((HEAP_SHARE * containerBytes) / count / MIB)}`] : [];
}

/** Resolves with its port once a process takes requests. Throws ConfigurationError when it ends before. */
function startOf(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'webmetrics:ready') resolve(message.port);
    });
    worker.once('exit', (code, signal) => {
      const end = signal ?? `status ${code}`;
      reject(new ConfigurationError(`A gateway process ended with ${end} while it started: see above for the reason.`));
    });
  });
}

/**
 * Runs `config.gatewayProcesses` gateway processes on one port until the lifecycle closes, as one program: it answers the probes of
 * HEALTH_PORT, a process that ends is replaced, and a stop is passed on and waits for all. Throws ConfigurationError when one of
 * them cannot start.
 */
export async function runProcesses({ config, logger, lifecycle }: GatewayOptions): Promise<void> {
  const { host, port, environment, gatewayProcesses: count } = config;
  logStart({ program: 'gateway', config, logger, port });
  await checkPort(host, port, 'PORT');
  const health = await openHealthServer({
    host,
    port: config.healthPort,
    mainPort: port,
    environment,
    logger,
    lifecycle,
  });
  if (!config.isProduction) makeDataDir(config.dataDir);
  const simulatorUrl = await openSimulator(config, lifecycle);
  // What one program has once: the simulator is that of this process, and there is no demo.
  const settings = simulatorUrl ? { SIMULATOR_URL: simulatorUrl, DEMO_DATA: 'false' } : {};

  cluster.setupPrimary({ execArgv: [...process.execArgv, ...heapOf(count)] });
  const workers = new Set<Worker>();
  const replacements = new Set<NodeJS.Timeout>();
  let isStarted = false;
  let failures = 0;
  const start = (): Worker => {
    const startedAt = Date.now();
    const worker = cluster.fork(settings);
    workers.add(worker);
    endHungProcess(worker, logger);
    closeUnaccepted(worker);
    worker.once('exit', (code, signal) => {
      workers.delete(worker);
      if (!isStarted || lifecycle.isStopping) return;
      failures = Date.now() - startedAt < STABLE_AFTER_MS ? failures + 1 : 1;
      const pauseMs = pauseBeforeReplacing(failures);
      logger.error({ pid: worker.process.pid, code, signal, pauseMs }, 'A gateway process ended: it is replaced');
      observeReplacedProcess();
      const timer = setTimeout(() => {
        replacements.delete(timer);
        start();
      }, pauseMs);
      replacements.add(timer);
    });
    return worker;
  };
  const stop = () => {
    for (const timer of replacements) clearTimeout(timer);
    for (const worker of workers) worker.process.kill('SIGTERM');
  };
  lifecycle.onStop(stop);
  // A second signal closes the rest at once there, too.
  onStopSignal(stop);
  lifecycle.onClose('Gateway processes', async () => {
    await Promise.all([...workers].map((worker) => once(worker, 'exit')));
  });

  answerForMetrics(logger);
  const [actualPort = port] = await Promise.all(Array.from({ length: count }, () => startOf(start())));
  isStarted = true;
  health.markStarted();
  if (lifecycle.isStopping) return;
  const url = config.publicUrl ?? localUrl(host, actualPort);
  logStarted({ program: 'gateway', logger, port: actualPort }, url);
  greet(welcome({ url, simulatorUrl, demo: undefined, config, operatorToken: undefined }), config);
}
