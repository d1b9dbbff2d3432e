import type { DataSource } from 'typeorm';
import type { Config } from '#runtime/config/config.js';
import { type MailFigures, readMailFigures } from '#runtime/mail/mail-figures.js';
import { type BackupStatus, readBackupStatus } from './backup-status.js';
import { lastVerification, type Verification } from './verifications.js';

/** What is watched of the installation: the same in every process that asks the same database. */
export interface InstallationFigures {
  backups: BackupStatus & { everyHours: number };
  /** Since when this process watches. */
  watchedSince: Date;
  mail: MailFigures;
  /** Of the audit trails; null = not verified yet. */
  audit: Verification | null;
  /** How far this machine's clock is ahead of the database's, in seconds; negative = behind. */
  clockAheadSeconds: number;
}

async function readClock(operations: DataSource): Promise<number> {
  const before = Date.now();
  const [row] = await operations.query<{ at: Date }[]>('SELECT clock_timestamp() AS at');
  if (!row) throw new Error('The database says no time.');
  return ((before + Date.now()) / 2 - row.at.getTime()) / 1_000;
}

/** Returns the figures. Rejects while the database cannot be read. */
export async function readInstallationFigures(
  operations: DataSource,
  { config, now }: { config: Config; now: () => Date },
): Promise<InstallationFigures> {
  // One after the other, as the pool is small.
  const clockAheadSeconds = await readClock(operations);
  const backups = { ...(await readBackupStatus(operations)), everyHours: config.backup.everyHours };
  const mail = await readMailFigures(operations, now());
  const watchedSince = new Date(performance.timeOrigin);
  return { clockAheadSeconds, backups, watchedSince, mail, audit: await lastVerification(operations, 'audit') };
}
