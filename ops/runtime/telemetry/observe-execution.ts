import { Counter } from 'prom-client';
import { registry } from './registry.js';

const fallbacks = new Counter({
  name: 'webmetrics_gateway_execution_fallbacks_total',
  help: 'Operations that ran by the executor of Apollo Gateway, by the reason why ours did not.',
  labelNames: ['reason'],
  registers: [registry],
});

/** Why an operation was not run by our executor: a plan it does not know, a trace it does not record, or a failure to compile. */
export type FallbackReason = 'plan' | 'trace' | 'compilation';

for (const reason of ['plan', 'trace', 'compilation'] satisfies FallbackReason[]) fallbacks.inc({ reason }, 0);

/** Counts an operation that Apollo's executor ran instead of ours. */
export function observeExecutionFallback(reason: FallbackReason): void {
  fallbacks.inc({ reason });
}
