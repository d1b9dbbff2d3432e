import { type BackupStatus, readBackupStatus } from './backup-status.js';
import type { Jobs } from './jobs.js';
import { type MigrationStatus, readMigrationStatus } from './migration-status.js';
import { type Parts, readParts } from './read-parts.js';
import type { Runtime } from './runtime.js';

/** What a process that has the database and the job queue open knows of the installation. */
export type InstallationStatus = Parts<{
  database: { mode: 'embedded' | 'external'; isReachable: boolean };
  migrations: Record<string, MigrationStatus>;
  jobs: { backend: Jobs['backend'] } & Record<string, unknown>;
  backups: BackupStatus;
}>;

/** What the job queue knows of itself, where it knows anything: its depth, its oldest job, what failed for good. */
type TalkativeJobs = Jobs & { status?(): Promise<object> };

/** Reads the state of the installation. Never fails, and takes two seconds at the most. */
export function readInstallationStatus(
  runtime: Pick<Runtime, 'config' | 'operations' | 'databases' | 'jobs'>,
): Promise<InstallationStatus> {
  const { config, operations, databases } = runtime;
  const jobs: TalkativeJobs = runtime.jobs;
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
    jobs: async () => ({ backend: jobs.backend, ...(await jobs.status?.()) }),
    backups: () => readBackupStatus(operations),
  });
}
