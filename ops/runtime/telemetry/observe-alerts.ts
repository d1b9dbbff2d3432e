import { Counter, Gauge } from 'prom-client';
import { registry } from './registry.js';

const raised = new Counter({
  name: 'webmetrics_alerts_raised_total',
  help: 'Alerts that this process raised, by category; repeats are counted as well.',
  labelNames: ['category'],
  registers: [registry],
});

/** Counts an alert. */
export function observeAlert(category: string): void {
  raised.inc({ category });
}

const firing = new Gauge({
  name: 'webmetrics_alerts_firing',
  help: 'Whether a condition that is watched holds as this process sees it: 1 while it does, then 0.',
  labelNames: ['alert'],
  aggregator: 'max',
  registers: [registry],
});

/** Shows whether a condition holds. */
export function observeFiring(alert: string, isFiring: boolean): void {
  firing.set({ alert }, isFiring ? 1 : 0);
}
