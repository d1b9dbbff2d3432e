import type { BackupFigures } from './operations-backup.js';
import type { HealthFigures } from './operations-health.js';
import type { JobFigures } from './operations-jobs.js';
import type { WatchingFigures } from './operations-watching.js';
import type { Waiting } from './statistics.js';
import { watchingParts } from './watching-parts.js';

const line = (name: string, ...cells: string[]) =>
  `  ${name.padEnd(44)}${cells.map((cell) => cell.padStart(14)).join('')}`.trimEnd();

const waiting = ({ p50Ms, p99Ms }: Waiting) => [`${p50Ms.toFixed(2)} ms`, `${p99Ms.toFixed(2)} ms`];
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The answers of `/health`, for people. */
export function tellHealth({ connections, idle, loaded, dashboard, dashboardsPerSecond }: HealthFigures): string {
  return [
    `GET /health, asked from a process of its own (target: p99 of 10 ms)`,
    line('', 'p50', 'p99'),
    line(`while ${connections} connections ask for dashboards`, ...waiting(loaded)),
    line('while nobody asks for anything', ...waiting(idle)),
    line(`those dashboards, ${dashboardsPerSecond} a second`, ...waiting(dashboard)),
    '',
  ].join('\n');
}

/** Jobs on each backend, by the name of its server. */
export function tellJobs(figures: Record<string, JobFigures>): string {
  const lines = Object.entries(figures).map(([name, { start, jobsPerSecond }]) =>
    line(name, ...waiting(start), jobsPerSecond.toFixed(0)),
  );
  return ['Jobs that write a row exactly once', line('', 'start p50', 'start p99', 'jobs/s'), ...lines, ''].join('\n');
}

/** Backup and restore, for people. */
export function tellBackup(figures: BackupFigures): string {
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

/** What each part of watching adds, for people. */
export function tellWatching(figures: WatchingFigures): string {
  const { cpuMsPerRequest, costs, togetherFrom, togetherTo, logLinesPerRequest, spansPerRequest } = figures;
  const addedBy = {
    nothing: '',
    logging: percent(costs.logging),
    metrics: percent(costs.metrics),
    tracing: percent(costs.tracing),
  };
  const names = {
    nothing: 'nothing is watched',
    logging: `+ logging, ${logLinesPerRequest} lines`,
    metrics: '+ metrics',
    tracing: `+ tracing, ${spansPerRequest} spans`,
  };
  return [
    'The dashboard query, processor time of the gateway (target: 10 % together)',
    line('', 'CPU ms/request', 'adds'),
    ...watchingParts.map((watching) => line(names[watching], cpuMsPerRequest[watching].toFixed(2), addedBy[watching])),
    line('all together', '', percent(costs.together), ` (${percent(togetherFrom)} to ${percent(togetherTo)})`),
    '',
  ].join('\n');
}
