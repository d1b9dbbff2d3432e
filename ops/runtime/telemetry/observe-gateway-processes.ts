import { Counter, Registry } from 'prom-client';

/** The metrics of the process that runs several gateway processes, beside those of the gateway processes. */
export const gatewayProcesses = new Registry();

const replaced = new Counter({
  name: 'webmetrics_gateway_processes_replaced_total',
  help: 'Gateway processes that ended by themselves and were replaced.',
  registers: [gatewayProcesses],
});

/** Counts a gateway process that ended by itself. */
export function observeReplacedProcess(): void {
  replaced.inc();
}
