import { WAITING_BUCKETS } from './registry.js';
import { WaitingTimes } from './waiting-times.js';

const calls = new WaitingTimes({
  name: 'webmetrics_subgraph_call_duration_seconds',
  help: 'Calls of the gateway to subgraphs, in its process or over HTTP: whole answers (ok), with errors, or none (failed).',
  labelNames: ['subgraph', 'transport', 'outcome'],
  buckets: WAITING_BUCKETS,
});

/** How a subgraph answered: wholly, with errors, or not at all. */
export type SubgraphOutcome = 'ok' | 'errors' | 'failed';

/** Counts a call to a subgraph and how long it took. */
export function observeSubgraphCall(
  subgraph: string,
  transport: 'in-process' | 'http',
  outcome: SubgraphOutcome,
  seconds: number,
): void {
  calls.observe({ subgraph, transport, outcome }, seconds);
}
