import { rowPrinter, waitingCells } from '#ops/bench/report.js';
import type { Waiting } from '#ops/bench/statistics.js';

const row = rowPrinter(46, 14);
const line = (name: string, ...cells: string[]) => row(`  ${name}`, ...cells);

/** Formats the provider calls of one dashboard. */
export function describeCalls({
  calls,
  fewest,
}: {
  calls: Record<string, number>;
  fewest: Record<string, number>;
}): string {
  const names = [...new Set([...Object.keys(fewest), ...Object.keys(calls)])];
  return [
    'Calls to providers for one dashboard (target: the fewest that can answer it)',
    line('', 'calls', 'fewest'),
    ...names.map((name) => line(name, String(calls[name] ?? 0), String(fewest[name] ?? 0))),
    '',
  ].join('\n');
}

/** Formats the provider calls of concurrent dashboards. */
export function describeTogether(figures: {
  dashboards: number;
  calls: number;
  fewest: number;
  repeated: number;
}): string {
  return [
    `${figures.dashboards} dashboards of one organization at once (target: each question once)`,
    line('', 'calls', 'fewest', 'repeated'),
    line('all of them together', String(figures.calls), String(figures.fewest), String(figures.repeated)),
    '',
  ].join('\n');
}

interface Dashboards {
  cold: Waiting;
  cached: Waiting;
  history?: Waiting;
  historyGoogleAdsCallsPerDashboard?: number;
}

/** Formats the latency of dashboards. */
export function describeDashboards({ cold, cached, history, historyGoogleAdsCallsPerDashboard }: Dashboards): string {
  const waiting = (times: Waiting) => waitingCells(times, 0);
  return [
    'The dashboard of 7 connections × 20 accounts × 50 campaigns × 30 days',
    line('', 'p50', 'p99'),
    line('cold: all figures are asked for', ...waiting(cold)),
    line('cached: providers answered before', ...waiting(cached)),
    ...(history ? [line('from history', ...waiting(history), `${historyGoogleAdsCallsPerDashboard} calls`)] : []),
    '',
  ].join('\n');
}
