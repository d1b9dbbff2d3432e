import { join } from 'node:path';
import { signRestored } from '#ops/audit/sign-restored.js';
import { logProgress, showProgress } from '#ops/backup/format/progress.js';
import { openDatabaseUrl, withInstallation } from '#ops/backup/open-installation.js';
import { type RestoreOutcome, restore } from '#ops/backup/restore.js';
import { backupFolder, openBackupStores } from '#ops/backup/store/backup-store.js';
import { describeNewest, findBackup } from '#ops/backup/store/find-backup.js';
import { type Config, readEnvironment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { hasCredentials } from './mask.js';
import { readSecretFlag } from './secret-flag.js';

// `npm run restore`: verifies a backup and restores it into an empty database.

async function describeBackups({ backup, dataDir }: Config): Promise<string> {
  const stores = await openBackupStores(backupFolder({ backup, dataDir }), backup);
  return describeNewest((await Promise.all(stores.map((store) => store.list()))).flat());
}

function describe({ header, total, queuedJobs }: RestoreOutcome): string {
  const queue = queuedJobs === undefined ? '' : `, and ${queuedJobs} jobs of a queue in MongoDB`;
  return (
    `WebMetrics ${header.version}, database "${header.database}" as it was at ${header.createdAt}: ` +
    `${total.rows.toLocaleString('en-US')} rows of ${total.tables} tables in ${header.schemas.join(', ')}${queue}.`
  );
}

/** Returns the address of --into, which may have a password. */
function readInto(given: string): string {
  const isSecret = hasCredentials(given);
  const environment = readEnvironment();
  return readSecretFlag({ flag: '--into', given, variable: 'RESTORE_INTO', isSecret, environment });
}

function readOptions() {
  const { flags, words } = readCommandLine({ into: { type: 'string' }, 'dry-run': { type: 'boolean' } });
  const into = flags.into && readInto(flags.into);
  if (into && !/^postgres(ql)?:\/\//.test(into)) {
    throw new ConfigurationError('--into must be a URL that begins with postgres:// or postgresql://.');
  }
  return { words, into, isDryRun: Boolean(flags['dry-run']) };
}

try {
  const { words, into, isDryRun } = readOptions();
  await withInstallation(async ({ config, secrets, now, logger, lifecycle }) => {
    const [name] = words;
    if (!name || words.length > 1) throw new ConfigurationError(`Say which backup. ${await describeBackups(config)}`);
    const backup = await findBackup(name, config);
    lifecycle.onClose('Copy of the backup', backup.release);
    const databaseUrl = into ?? (await openDatabaseUrl(config, lifecycle));
    const emptyAdvice =
      into || config.databaseUrl
        ? undefined
        : `Stop WebMetrics, move ${join(config.dataDir, 'postgres')} away and restore again: an empty one is made.`;
    const terminal = process.stderr.isTTY ? showProgress('Restoring', process.stderr) : undefined;
    const progress = terminal?.report ?? logProgress('Restoring', logger);
    const outcome = await restore({ backup, databaseUrl, config, isDryRun, emptyAdvice, progress }).finally(() =>
      terminal?.clear(),
    );
    if (!isDryRun && !into) {
      const { version, createdAt } = outcome.header;
      await signRestored({ config, secrets, now }, databaseUrl, { file: backup.location, createdAt, version });
    }
    const { host, pathname } = new URL(databaseUrl);
    const target = `the database "${decodeURIComponent(pathname.slice(1))}" at ${host}`;
    process.stdout.write(`${backup.location}\n  ${describe(outcome)}\n`);
    process.stdout.write(
      isDryRun
        ? `The backup is sound and would be restored into ${target}. Nothing was changed.\n`
        : `Restored into ${target}; every table was compared with the backup.\n`,
    );
    if (outcome.jobsLeftOut > 0) {
      process.stdout.write(`${outcome.jobsLeftOut} jobs are left out: set MONGODB_URL to restore them too.\n`);
    }
  });
} catch (error) {
  exitWith(error, 'Nothing was restored.');
}
