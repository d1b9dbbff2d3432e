import { FigureSource, figureGauge } from './figure-source.js';

/** The outcome of each check, as `/ready` names it. */
export type CheckOutcomes = Record<string, 'ok' | 'degraded' | 'failed' | 'pending'>;

const source = new FigureSource<CheckOutcomes>();

/** Shows the readiness checks in the metrics; undefined = no longer. */
export function watchReadiness(readChecks: (() => CheckOutcomes) | undefined): void {
  source.watch(readChecks && (async () => readChecks()));
}

figureGauge(source, {
  name: 'webmetrics_readiness_check',
  help: 'Whether a readiness check of this process passes: 1, else 0. Checks are database, jobs, cache, and subgraphs by name.',
  labelNames: ['check'],
  aggregator: 'min',
  samples: (checks) =>
    Object.entries(checks).map(([check, outcome]) => ({
      labels: { check },
      value: outcome === 'ok' ? 1 : outcome === 'pending' ? null : 0,
    })),
});
