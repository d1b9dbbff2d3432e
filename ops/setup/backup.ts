import { recordOperatorAction } from '#ops/audit/record-operation.js';
import { backUp, type MadeBackup } from '#ops/backup/back-up.js';
import { logProgress, printBytes, showProgress } from '#ops/backup/format/progress.js';
import { openDatabaseUrl, withInstallation } from '#ops/backup/open-installation.js';
import { Conflict } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';

// `npm run backup`: backs up now, without migrating.

const recordBackup = (databaseUrl: string, { file, rows, locations }: MadeBackup) =>
  recordOperatorAction(databaseUrl, {
    action: 'backup.made',
    target: { type: 'Backup', id: file },
    after: { rows, locations },
  });

try {
  readCommandLine({});
  await withInstallation(async ({ config, logger, lifecycle, alerts, now }) => {
    const databaseUrl = await openDatabaseUrl(config, lifecycle);
    const terminal = process.stderr.isTTY ? showProgress('Backing up', process.stderr) : undefined;
    const progress = terminal?.report ?? logProgress('Backing up', logger);
    try {
      const made = await backUp({ databaseUrl, config, now, progress });
      terminal?.clear();
      await recordBackup(databaseUrl, made);
      const { bytes, rows, tables, sha256, locations, removed } = made;
      const size = `${rows.toLocaleString('en-US')} rows of ${tables.length} tables in ${printBytes(bytes)}`;
      const lines = [
        `Backed up ${size}, and read it back.`,
        ...locations.map((location) => `  ${location}`),
        `  SHA-256 ${sha256}`,
      ];
      if (removed.length > 0) lines.push(`Removed ${removed.length} older than the newest ${config.backup.keep}.`);
      process.stdout.write(`${lines.join('\n')}\n`);
    } catch (error) {
      terminal?.clear();
      // Run by a scheduler, the output goes unread.
      if (!(error instanceof Conflict)) {
        const message = `The database could not be backed up: ${(error as Error).message}`;
        alerts.raise({ category: 'database', key: 'backup-failed', runbook: 'backup-failed', message, error });
      }
      throw error;
    }
  });
} catch (error) {
  exitWith(error, 'There is no new backup.');
}
