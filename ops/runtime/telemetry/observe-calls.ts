import { Counter, Gauge } from 'prom-client';
import { BufferedHistogram } from './buffered-histogram.js';
import { statusClass } from './observe-http.js';
import { boundLabel, registry, WAITING_BUCKETS } from './registry.js';

const MAX_HOSTS = 100;
const MAX_SUBGRAPHS = 100;

const providerCalls = new BufferedHistogram({
  name: 'webmetrics_provider_call_duration_seconds',
  help: 'Requests to hosts outside WebMetrics, each attempt: answered, or why not (timeout, connection, too-large).',
  labelNames: ['provider', 'host', 'outcome', 'status_class'],
  buckets: WAITING_BUCKETS,
});

const hostLabel = boundLabel(MAX_HOSTS);

export interface ProviderCall {
  provider: string | undefined;
  host: string;
  /** `answered`, or why not. */
  outcome: string;
  /** undefined = no response. */
  status: number | undefined;
}

/** Counts a request to a provider and its duration. */
export function observeProviderCall({ provider, host, outcome, status }: ProviderCall, seconds: number): void {
  const status_class = status === undefined ? 'none' : statusClass(status);
  providerCalls.observe({ provider: provider ?? 'none', host: hostLabel(host), outcome, status_class }, seconds);
}

const subgraphCalls = new BufferedHistogram({
  name: 'webmetrics_subgraph_call_duration_seconds',
  help: 'Calls of the gateway to subgraphs, in its process or over HTTP: whole answers (ok), with errors, or none (failed).',
  labelNames: ['subgraph', 'transport', 'outcome'],
  buckets: WAITING_BUCKETS,
});

export type SubgraphOutcome = 'ok' | 'errors' | 'failed';

/** Counts a call of a subgraph and its duration. */
export function observeSubgraphCall(
  subgraph: string,
  transport: 'in-process' | 'http',
  outcome: SubgraphOutcome,
  seconds: number,
): void {
  subgraphCalls.observe({ subgraph, transport, outcome }, seconds);
}

const sharedWork = new Counter({
  name: 'webmetrics_shared_work_total',
  help: 'Operations, and calls of subgraphs (fetch), that were answered by equal work in flight.',
  labelNames: ['kind'],
  registers: [registry],
});

/** Counts an operation or a call of a subgraph that was answered by equal work in flight. */
export function observeSharedWork(kind: 'operation' | 'fetch'): void {
  sharedWork.inc({ kind });
}

const retries = new Counter({
  name: 'webmetrics_subgraph_retries_total',
  help: 'Calls of subgraphs over HTTP that were sent once more.',
  labelNames: ['subgraph'],
  registers: [registry],
});

const circuits = new Gauge({
  name: 'webmetrics_subgraph_circuit_open',
  help: 'Whether a subgraph over HTTP keeps failing and is not asked for now: 1, else 0.',
  labelNames: ['subgraph'],
  registers: [registry],
});

const subgraphLabel = boundLabel(MAX_SUBGRAPHS);

/** Counts a call of a subgraph that is sent once more. */
export function observeSubgraphRetry(subgraph: string): void {
  retries.inc({ subgraph: subgraphLabel(subgraph) });
}

/** Shows whether the circuit of a subgraph is open. */
export function observeCircuit(subgraph: string, isOpen: boolean): void {
  circuits.set({ subgraph: subgraphLabel(subgraph) }, isOpen ? 1 : 0);
}
