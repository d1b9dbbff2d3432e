import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { AggregatorRegistry } from 'prom-client';
import { collectMetricsWith, registry } from '#runtime/telemetry/registry.js';

/** What a gateway process sends to the primary one. */
export type WorkerMessage = { type: 'webmetrics:ready'; port: number } | { type: 'webmetrics:metrics'; id: string };

/** What the primary process answers to `webmetrics:metrics`: the metrics of all gateway processes, or why there are none. */
export type MetricsAnswer = { type: 'webmetrics:metrics'; id: string; body: string } | { id: string; failure: string };

/** Longer than the primary process waits for the others. */
const ANSWER_TIMEOUT_MS = 6_000;

function askForMetrics(): Promise<string> {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    const settle = (settling: () => void) => {
      clearTimeout(timer);
      process.off('message', read);
      settling();
    };
    const read = (answer: MetricsAnswer) => {
      if (answer.id !== id) return;
      settle(() => ('failure' in answer ? reject(new Error(answer.failure)) : resolve(answer.body)));
    };
    const late = () => reject(new Error('The primary process did not answer for the metrics of all'));
    const timer = setTimeout(() => settle(late), ANSWER_TIMEOUT_MS);
    process.on('message', read);
    cluster.worker?.send({ type: 'webmetrics:metrics', id } satisfies WorkerMessage);
  });
}

/** Reports that this gateway process takes requests on `port`; its `/metrics` are those of all processes from now on. */
export function reportReady(port: number): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
  collectMetricsWith(askForMetrics);
  cluster.worker?.send({ type: 'webmetrics:ready', port } satisfies WorkerMessage);
}
