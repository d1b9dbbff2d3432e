import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { collectMetricsWith, registry } from '#runtime/telemetry/registry.js';

/** What a gateway process sends to the primary one: that it is ready, that it reacts, a question for the metrics of all, its own metrics. */
export type WorkerMessage =
  | { type: 'webmetrics:ready'; port: number }
  | { type: 'webmetrics:alive' }
  | { type: 'webmetrics:metrics'; id: string }
  | { type: 'webmetrics:figures'; id: string; figures: object[] };

/** What the primary process sends: whether a process reacts, a question for its own metrics, or the metrics of all. */
export type PrimaryMessage =
  | { type: 'webmetrics:ping' }
  | { type: 'webmetrics:collect'; id: string }
  | { type: 'webmetrics:all'; id: string; body: string };

/** Longer than the primary process waits for one process. */
const ANSWER_TIMEOUT_MS = 5_000;

function send(message: WorkerMessage): void {
  cluster.worker?.send(message);
}

function askForMetrics(): Promise<string> {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      process.off('message', read);
    };
    const read = (message: PrimaryMessage) => {
      if (message.type !== 'webmetrics:all' || message.id !== id) return;
      end();
      resolve(message.body);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error('The primary process did not answer for the metrics of all'));
    }, ANSWER_TIMEOUT_MS);
    process.on('message', read);
    send({ type: 'webmetrics:metrics', id });
  });
}

/**
 * Reports that this gateway process takes requests on `port`, and from now on that its event loop runs; its `/metrics` are those of all
 * processes.
 */
export function reportReady(port: number): void {
  process.on('message', async (message: PrimaryMessage) => {
    if (message.type === 'webmetrics:ping') send({ type: 'webmetrics:alive' });
    if (message.type !== 'webmetrics:collect') return;
    const figures = await registry.getMetricsAsJSON().catch(() => []);
    send({ type: 'webmetrics:figures', id: message.id, figures });
  });
  collectMetricsWith(askForMetrics);
  send({ type: 'webmetrics:ready', port });
}
