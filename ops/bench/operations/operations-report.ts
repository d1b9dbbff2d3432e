import { rowPrinter, waitingCells } from '#ops/bench/report.js';
import type { ConfidentMedian, Waiting } from '#ops/bench/statistics.js';
import type { BackupFigures } from './operations-backup.js';
import type { HealthFigures } from './operations-health.js';
import type { JobFigures } from './operations-jobs.js';
import type { WatchingCosts, WatchingFigures } from './operations-watching.js';

const row = rowPrinter(46, 14);
const line = (name: string, ...cells: string[]) => row(`  ${name}`, ...cells);

const waiting = (times: Waiting) => waitingCells(times, 2);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Formats the latency of `/health`. */
export function describeHealth({ connections, idle, loaded, dashboard, dashboardsPerSecond }: HealthFigures): string {
  return [
    `GET /health, polled by another process (target: p99 of 10 ms)`,
    line('', 'p50', 'p99'),
    line(`while ${connections} connections ask for dashboards`, ...waiting(loaded)),
    line('idle', ...waiting(idle)),
    line(`those dashboards, ${dashboardsPerSecond} a second`, ...waiting(dashboard)),
    '',
  ].join('\n');
}

/** Formats job figures by backend. */
export function describeJobs(figures: Record<string, JobFigures>): string {
  const lines = Object.entries(figures).map(([name, { start, jobsPerSecond }]) =>
    line(name, ...waiting(start), jobsPerSecond.toFixed(0)),
  );
  return ['Jobs that write a row exactly once', line('', 'start p50', 'start p99', 'jobs/s'), ...lines, ''].join('\n');
}

/** Formats the figures of backup and restore. */
export function describeBackup(figures: BackupFigures): string {
  const { rows, textMegabytes, fileMegabytes, backupMegabytesPerSecond, restoreMegabytesPerSecond } = figures;
  const cells = (perSecond: number, peak: number) => [`${perSecond} MB/s`, `+${peak} MB`];
  return [
    `Backup of ${rows} rows, ${textMegabytes} MB as text, ${fileMegabytes} MB as a file`,
    line('', 'speed', 'peak memory'),
    line('backup', ...cells(backupMegabytesPerSecond, figures.backupPeakMegabytes)),
    line('restore', ...cells(restoreMegabytesPerSecond, figures.restorePeakMegabytes)),
    '',
  ].join('\n');
}

/** Formats the cost of telemetry. */
export function describeWatching({ cpuMsPerRequest, cpu, wall, ...figures }: WatchingFigures): string {
  const { rounds, requestsPerRound, sending, logLinesPerRequest, spansPerRequest, cpuMsPerScrape } = figures;
  const cost = ({ median, from, to }: ConfidentMedian) => `${percent(median)} (${percent(from)} to ${percent(to)})`;
  const row = (name: string, ms: string, part: keyof WatchingCosts) =>
    `  ${name.padEnd(26)}${ms.padStart(10)}${cost(cpu[part]).padStart(28)}${cost(wall[part]).padStart(28)}`;
  const names = {
    logging: `+ logging, ${logLinesPerRequest} lines`,
    metrics: '+ metrics',
    tracing: `+ tracing, ${spansPerRequest} spans`,
  };
  return [
    'The dashboard query, watched and not by turns (target: 10 % together)',
    `  ${''.padEnd(26)}${'CPU ms'.padStart(10)}${'adds to CPU time'.padStart(28)}${'adds to waiting'.padStart(28)}`,
    `  ${'not watched'.padEnd(26)}${cpuMsPerRequest.following.toFixed(2).padStart(10)}`,
    ...(['logging', 'metrics', 'tracing'] as const).map((part) =>
      row(names[part], cpuMsPerRequest[part].toFixed(2), part),
    ),
    row('all together', '', 'together'),
    `  ${'and sending the spans'.padEnd(36)}${percent(sending).padStart(7)}`,
    row('not watched, once more', '', 'unwatchedAgain'),
    row('in both: what caused what', '', 'following'),
    `  Medians of ${rounds} rounds of ${requestsPerRound} requests, with 95 % certainty within the brackets.`,
    `  GET /metrics once: ${cpuMsPerScrape} ms.`,
    '',
  ].join('\n');
}
