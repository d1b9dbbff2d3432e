import type { Runbook } from '#runtime/alerts/runbooks.js';
import type { InstallationFigures } from '#runtime/health/installation-figures.js';
import { ageOf } from '#runtime/telemetry/figure-source.js';
import { readInstallation } from '#runtime/telemetry/observe-installation.js';
import type { Condition, Holding } from './condition.js';
import { LIMITS } from './limits.js';

interface Judgement {
  name: Runbook;
  category: Condition['category'];
  causes?: Runbook[];
  /** Returns for what it holds; null or false = for nothing. */
  judge(figures: InstallationFigures): Holding | null | false;
}

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

const judgements: Judgement[] = [
  {
    name: 'mail-waiting',
    category: 'integration',
    causes: ['queue-unreachable', 'queue-old'],
    judge: ({ mail: { oldestQueuedSince, counts } }) =>
      oldestQueuedSince !== null &&
      ageOf(oldestQueuedSince) > LIMITS.mailSeconds && {
        message: `Mail waits for more than 15 minutes, ${counts.QUEUED} in all: the mail server takes none, or no worker delivers.`,
        since: new Date(oldestQueuedSince.getTime() + 1_000 * LIMITS.mailSeconds),
      },
  },
  {
    name: 'backup-overdue',
    category: 'database',
    judge: ({ backups: { lastBackup, everyHours }, watchedSince }) =>
      ageOf(dateOf(lastBackup?.finishedAt) ?? watchedSince) > LIMITS.backupIntervals * 3_600 * everyHours && {
        message: `${lastBackup ? `The newest backup is of ${lastBackup.finishedAt}` : 'There is no backup at all'}, though one is due every ${everyHours} hours.`,
      },
  },
  {
    name: 'backup-failed',
    category: 'database',
    judge: ({ backups }) =>
      backups.isLastBackupOk === false && {
        message: `The newest backup failed; the last that succeeded is of ${backups.lastBackup?.finishedAt ?? 'never'}.`,
      },
  },
  {
    name: 'restore-drill-overdue',
    category: 'database',
    judge: ({ backups: { lastVerifiedRestore } }) =>
      lastVerifiedRestore !== null &&
      ageOf(dateOf(lastVerifiedRestore.finishedAt)) > LIMITS.restoreDrillSeconds && {
        message: `No backup was restored for trial since ${lastVerifiedRestore.finishedAt}, though it is done every night.`,
      },
  },
  {
    name: 'restore-drill-failed',
    category: 'database',
    judge: ({ backups }) =>
      backups.isLastRestoreOk === false && { message: 'The newest backup could not be restored for trial.' },
  },
  {
    name: 'audit-trail-damaged',
    category: 'database',
    judge: ({ audit }) =>
      audit !== null &&
      audit.problems > 0 && {
        message: `The audit trail of ${audit.problems === 1 ? 'an organization was' : `${audit.problems} organizations were`} changed: run npm run audit -- verify.`,
        since: audit.finishedAt,
      },
  },
  {
    name: 'audit-verification-overdue',
    category: 'database',
    judge: ({ audit }) =>
      audit !== null &&
      ageOf(audit.finishedAt) > LIMITS.auditVerificationSeconds && {
        message: `The audit trails were not verified since ${audit.finishedAt.toISOString()}, though it is done every hour.`,
      },
  },
];

/** The conditions of backups, restore drills, mail and audit trail: the same in every process with a database. */
export const installation: Condition[] = judgements.map(({ judge, ...condition }) => ({
  ...condition,
  evaluate: async () => {
    const figures = await readInstallation();
    if (!figures) return undefined;
    const holding = judge(figures);
    return holding ? [holding] : [];
  },
}));

/** Whether the clock of this host and that of PostgreSQL differ by more than five seconds. */
export const clockWrong = (host: string): Condition => ({
  name: 'clock-wrong',
  category: 'internal',
  evaluate: async () => {
    const figures = await readInstallation();
    if (!figures || Math.abs(figures.clockAheadSeconds) <= LIMITS.clockSeconds) return figures && [];
    const seconds = Math.abs(figures.clockAheadSeconds).toFixed(1);
    const relation = figures.clockAheadSeconds > 0 ? 'ahead of' : 'behind';
    return [{ subject: host, message: `The clock of ${host} is ${seconds} seconds ${relation} that of PostgreSQL.` }];
  },
});
