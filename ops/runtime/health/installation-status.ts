import type { DataSource } from 'typeorm';
import type { JobKindStatus, Jobs } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { type BackupStatus, readBackupStatus } from './backup-status.js';
import { type Parts, readParts } from './read-parts.js';

export interface MigrationStatus {
  applied: number;
  pending: string[];
}

export interface JobsStatus {
  backend: Jobs['backend'];
  waiting: number;
  running: number;
  /** Given up, and kept for an operator to look at. */
  dead: number;
  /** When the job that has waited longest was due. */
  oldestWaitingSince: Date | null;
  kinds: JobKindStatus[];
}

/** The state of an installation, as a process with database and job queue sees it. */
export type InstallationStatus = Parts<{
  database: { mode: 'embedded' | 'external'; isReachable: boolean };
  migrations: Record<string, MigrationStatus>;
  jobs: JobsStatus;
  backups: BackupStatus;
}>;

type Reading = Pick<Services, 'config' | 'operations' | 'databases' | 'jobs'>;

async function readDatabase({ config, operations }: Reading) {
  const mode: 'embedded' | 'external' = config.databaseUrl ? 'external' : 'embedded';
  const isReachable = await operations.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return { mode, isReachable };
}

async function readMigrations(databases: Map<string, DataSource>): Promise<Record<string, MigrationStatus>> {
  const statuses = [...databases].map(async ([schema, database]) => {
    const applied = await database.query<{ name: string }[]>(`SELECT name FROM "${schema}".migration`);
    const names = new Set(applied.map(({ name }) => name));
    const known = database.migrations.map((migration) => migration.name ?? migration.constructor.name);
    return [schema, { applied: names.size, pending: known.filter((name) => !names.has(name)) }] as const;
  });
  return Object.fromEntries(await Promise.all(statuses));
}

async function readJobs(jobs: Jobs): Promise<JobsStatus> {
  const kinds = await jobs.status();
  const sum = (count: 'waiting' | 'running' | 'dead') => kinds.reduce((total, kind) => total + kind[count], 0);
  const waitingSince = kinds.flatMap((kind) => kind.oldestWaitingSince ?? []);
  const [oldestWaitingSince = null] = waitingSince.sort((one, other) => one.getTime() - other.getTime());
  return {
    backend: jobs.backend,
    waiting: sum('waiting'),
    running: sum('running'),
    dead: sum('dead'),
    oldestWaitingSince,
    kinds,
  };
}

/** Returns the state of the installation. Never rejects, and takes two seconds at most. */
export function readInstallationStatus(services: Reading): Promise<InstallationStatus> {
  return readParts({
    database: () => readDatabase(services),
    migrations: () => readMigrations(services.databases),
    jobs: () => readJobs(services.jobs),
    backups: () => readBackupStatus(services.operations),
  });
}
