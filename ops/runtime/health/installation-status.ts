import { type MigrationStatus, readMigrationStatus } from '#runtime/database/migration-status.js';
import type { Services } from '#runtime/services.js';
import { type BackupStatus, readBackupStatus } from './backup-status.js';
import { type JobsStatus, readJobsStatus } from './jobs-status.js';
import { type Parts, readParts } from './read-parts.js';

/** What a process that has the database and the job queue open knows of the installation. */
export type InstallationStatus = Parts<{
  database: { mode: 'embedded' | 'external'; isReachable: boolean };
  migrations: Record<string, MigrationStatus>;
  jobs: JobsStatus;
  backups: BackupStatus;
}>;

/** Reads the state of the installation. Never fails, and takes two seconds at the most. */
export function readInstallationStatus(
  services: Pick<Services, 'config' | 'operations' | 'databases' | 'jobs'>,
): Promise<InstallationStatus> {
  const { config, operations, databases } = services;
  return readParts({
    database: async () => {
      const mode: 'embedded' | 'external' = config.databaseUrl ? 'external' : 'embedded';
      const isReachable = await operations.query('SELECT 1').then(
        () => true,
        () => false,
      );
      return { mode, isReachable };
    },
    migrations: () => readMigrationStatus(databases),
    jobs: () => readJobsStatus(services.jobs),
    backups: () => readBackupStatus(operations),
  });
}
