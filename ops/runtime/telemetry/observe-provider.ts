import { statusClass } from './observe-http.js';
import { boundLabel, WAITING_BUCKETS } from './registry.js';
import { WaitingTimes } from './waiting-times.js';

const MAX_HOSTS = 100;

const calls = new WaitingTimes({
  name: 'webmetrics_provider_call_duration_seconds',
  help: 'Requests to hosts outside WebMetrics, each attempt: answered, or why not (timeout, connection, too-large).',
  labelNames: ['provider', 'host', 'outcome', 'status_class'],
  buckets: WAITING_BUCKETS,
});

const hostLabel = boundLabel(MAX_HOSTS);

/** One attempt to ask a host. */
export interface ProviderCall {
  provider: string | undefined;
  host: string;
  /** `answered`, or why not. */
  outcome: string;
  /** undefined = there was no answer. */
  status: number | undefined;
}

/** Counts an attempt and how long it took. */
export function observeProviderCall({ provider, host, outcome, status }: ProviderCall, seconds: number): void {
  const status_class = status === undefined ? 'none' : statusClass(status);
  calls.observe({ provider: provider ?? 'none', host: hostLabel(host), outcome, status_class }, seconds);
}
