import { BufferedHistogram } from './buffered-histogram.js';
import { statusClass } from './observe-http.js';
import { boundLabel, WAITING_BUCKETS } from './registry.js';

const MAX_HOSTS = 100;

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
