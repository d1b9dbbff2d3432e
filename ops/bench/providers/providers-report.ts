import type { Waiting } from '#ops/bench/statistics.js';

const line = (name: string, ...cells: string[]) =>
  `  ${name.padEnd(44)}${cells.map((cell) => cell.padStart(14)).join('')}`.trimEnd();

/** What one dashboard asks of each provider, for people. */
export function tellCalls({
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

/** What many dashboards ask together, for people. */
export function tellTogether(figures: { dashboards: number; calls: number; fewest: number; repeated: number }): string {
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

/** How long dashboards take, for people. */
export function tellDashboards({ cold, cached, history, historyGoogleAdsCallsPerDashboard }: Dashboards): string {
  const waiting = ({ p50Ms, p99Ms }: Waiting) => [`${p50Ms.toFixed(0)} ms`, `${p99Ms.toFixed(0)} ms`];
  return [
    'The dashboard of 7 connections × 20 accounts × 50 campaigns × 30 days',
    line('', 'p50', 'p99'),
    line('cold: all figures are asked for', ...waiting(cold)),
    line('cached: providers answered before', ...waiting(cached)),
    ...(history ? [line('from history', ...waiting(history), `${historyGoogleAdsCallsPerDashboard} calls`)] : []),
    '',
  ].join('\n');
}
