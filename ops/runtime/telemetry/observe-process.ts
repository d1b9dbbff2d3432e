import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { nameProgram } from '#runtime/process/process-identity.js';
import { registry } from './registry.js';

let isWatched = false;

/** Shows memory, garbage collection, CPU time and event loop of this process in the metrics. Idempotent. */
export function watchProcess(): void {
  if (isWatched) return;
  isWatched = true;
  collectDefaultMetrics({ register: registry });
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'webmetrics_event_loop_utilization_ratio',
    help: 'Share of the time in which the event loop was busy since the figures were last read, 0 to 1.',
    registers: [registry],
    aggregator: 'average',
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
}

const info = new Gauge({
  name: 'webmetrics_process_info',
  help: 'Always 1: which program this is, on which Node.',
  labelNames: ['program', 'node'],
  aggregator: 'first',
  registers: [registry],
});

/** Names the program of this process, in the metrics and in alerts: `gateway`, `worker`, or the name of a subgraph. */
export function nameProcess(program: string): void {
  nameProgram(program);
  info.set({ program, node: process.version }, 1);
}
