import type { Logger } from '#runtime/log/logger.js';

export interface Progress {
  tables: number;
  allTables: number;
  rows: number;
}

export type ReportProgress = (progress: Progress) => void;

export const noProgress: ReportProgress = () => {};

const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 10_000;

/** Formats a size, such as `1.4 MB`. */
export function printBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

const words = ({ tables, allTables, rows }: Progress) =>
  `${tables} of ${allTables} tables, ${rows.toLocaleString('en-US')} rows`;

/** Shows progress in one line of the terminal. Call `clear` before any other output. */
export function showProgress(what: string, output: NodeJS.WriteStream): { report: ReportProgress; clear(): void } {
  let shownAt = 0;
  return {
    report: (progress) => {
      if (Date.now() - shownAt < TERMINAL_EVERY_MS) return;
      shownAt = Date.now();
      output.write(`\r\u001b[K${what}: ${words(progress)}`);
    },
    clear: () => void output.write('\r\u001b[K'),
  };
}

/** Logs progress every ten seconds. */
export function logProgress(what: string, logger: Logger): ReportProgress {
  let loggedAt = Date.now();
  return (progress) => {
    if (Date.now() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = Date.now();
    logger.info({ ...progress }, `${what}: ${words(progress)}`);
  };
}
