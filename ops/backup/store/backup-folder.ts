import { join } from 'node:path';
import type { Config } from '#runtime/config/config.js';

/** The folder an installation writes its backups to. */
export const backupFolder = ({ backup, dataDir }: Pick<Config, 'backup' | 'dataDir'>) =>
  backup.folder ?? join(dataDir, 'backups');
