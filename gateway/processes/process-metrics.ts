import cluster, { type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { AggregatorRegistry } from 'prom-client';
import type { Logger } from '#runtime/log/logger.js';
import { gatewayProcesses } from '#runtime/telemetry/observe-gateway-processes.js';
import type { PrimaryMessage, WorkerMessage } from './worker-messages.js';

/** A process that does not answer in time, as it is hanging or ending, is left out. */
const FIGURES_TIMEOUT_MS = 3_000;

function send(worker: Worker, message: PrimaryMessage): void {
  // One that has just ended is no failure of the others.
  if (worker.isConnected()) worker.send(message, () => {});
}

function figuresOf(worker: Worker): Promise<object[] | undefined> {
  const id = randomUUID();
  return new Promise((resolve) => {
    const end = (figures?: object[]) => {
      clearTimeout(timer);
      worker.off('message', read).off('exit', leave);
      resolve(figures);
    };
    const read = (message: WorkerMessage) => {
      if (message.type === 'webmetrics:figures' && message.id === id) end(message.figures);
    };
    const leave = () => end();
    const timer = setTimeout(leave, FIGURES_TIMEOUT_MS);
    worker.on('message', read).on('exit', leave);
    send(worker, { type: 'webmetrics:collect', id });
  });
}

/**
 * Answers each gateway process that is asked for `/metrics` with the metrics of all that are ready: sums, or what the `aggregator` of
 * a metric says.
 */
export function answerForMetrics(logger: Logger): void {
  const ready = new Set<Worker>();
  const collect = async () => {
    const figures = await Promise.all([...ready].map(figuresOf));
    const all = AggregatorRegistry.aggregate(figures.filter((one) => one !== undefined));
    return `${await all.metrics()}${await gatewayProcesses.metrics()}`;
  };
  cluster.on('exit', (worker) => ready.delete(worker));
  cluster.on('message', async (worker, message: WorkerMessage) => {
    if (message.type === 'webmetrics:ready') ready.add(worker);
    if (message.type !== 'webmetrics:metrics') return;
    try {
      send(worker, { type: 'webmetrics:all', id: message.id, body: await collect() });
    } catch (err) {
      logger.error({ err }, 'Metrics of the gateway processes could not be added up');
    }
  });
}
