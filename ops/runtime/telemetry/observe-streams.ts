import { Gauge } from 'prom-client';
import { registry } from './registry.js';

/** The streams of events of a process. */
export interface StreamCounts {
  open: number;
  /** States that are read for them. */
  states: number;
}

let read: () => StreamCounts = () => ({ open: 0, states: 0 });

/** Shows the streams of events in the metrics. */
export function watchStreams(readCounts: () => StreamCounts): void {
  read = readCounts;
}

new Gauge({
  name: 'webmetrics_event_streams',
  help: 'Open streams of events.',
  registers: [registry],
  collect() {
    this.set(read().open);
  },
});

new Gauge({
  name: 'webmetrics_event_states',
  help: 'States that are read for the open streams of events: one for all that may see the same.',
  registers: [registry],
  collect() {
    this.set(read().states);
  },
});
