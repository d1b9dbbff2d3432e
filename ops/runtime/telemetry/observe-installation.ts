import type { InstallationFigures } from '#runtime/health/installation-figures.js';
import { ageOf, FigureSource, figureGauge, type Sample, secondsOf } from './figure-source.js';

const source = new FigureSource<InstallationFigures>();

/** Shows backups, mail, audit trail and clock in the metrics, read on each scrape; undefined = no longer. */
export function watchInstallation(reader: (() => Promise<InstallationFigures>) | undefined): void {
  source.watch(reader);
}

const gauge = (name: string, help: string, value: (figures: InstallationFigures) => Sample['value']) =>
  figureGauge(source, { name, help, samples: (figures) => [{ value: value(figures) }] });

/** Returns the figures; undefined while they cannot be read, or in a process without a database. */
export const readInstallation = (): Promise<InstallationFigures | undefined> => source.read();

const instantOf = (text: string | undefined) => secondsOf(text === undefined ? undefined : new Date(text));
/** null = there was no attempt. */
const flagOf = (isOk: boolean | null) => (isOk === null ? null : Number(isOk));

gauge(
  'webmetrics_backup_interval_seconds',
  'How often a backup is due: BACKUP_EVERY_HOURS.',
  ({ backups }) => backups.everyHours * 3_600,
);
gauge(
  'webmetrics_backup_last_success_timestamp_seconds',
  'When the newest backup that succeeded was finished, in seconds since 1970.',
  ({ backups }) => instantOf(backups.lastBackup?.finishedAt),
);
gauge('webmetrics_backup_last_result', 'Whether the newest backup succeeded: 1, else 0.', ({ backups }) =>
  flagOf(backups.isLastBackupOk),
);
gauge(
  'webmetrics_restore_drill_last_success_timestamp_seconds',
  'When a backup was last restored for trial with success, in seconds since 1970.',
  ({ backups }) => instantOf(backups.lastVerifiedRestore?.finishedAt),
);
gauge('webmetrics_restore_drill_last_result', 'Whether the newest restore drill succeeded: 1, else 0.', ({ backups }) =>
  flagOf(backups.isLastRestoreOk),
);
figureGauge(source, {
  name: 'webmetrics_mails',
  help: 'Mails of the installation that wait (queued), and those finished within a day, by how.',
  labelNames: ['state'],
  samples: ({ mail }) =>
    Object.entries(mail.counts).map(([status, value]) => ({ labels: { state: status.toLowerCase() }, value })),
});
gauge('webmetrics_mail_oldest_queued_seconds', 'How long the oldest mail has waited; 0 when none waits.', ({ mail }) =>
  ageOf(mail.oldestQueuedSince),
);
gauge(
  'webmetrics_audit_verified_timestamp_seconds',
  'When the new events of all audit trails were last verified, in seconds since 1970.',
  ({ audit }) => secondsOf(audit?.finishedAt),
);
gauge(
  'webmetrics_audit_damaged_trails',
  'Audit trails that were changed, as found by the last verification.',
  ({ audit }) => audit?.problems,
);
gauge(
  'webmetrics_clock_ahead_seconds',
  'How far the clock of this machine is ahead of that of PostgreSQL; negative when it is behind.',
  ({ clockAheadSeconds }) => clockAheadSeconds,
);
