const NAME = /^webmetrics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.jsonl\.gz(\.enc)?$/;

/** Returns the name of the backup begun at this time. Names sort by time. */
export function backupName(startedAt: Date, isSealed: boolean): string {
  return `webmetrics-${startedAt.toISOString().replace(/[:.]/g, '-')}.jsonl.gz${isSealed ? '.enc' : ''}`;
}

/** Whether a file with this name is a whole backup, going by the name. */
export const isBackupName = (name: string) => NAME.test(name);

/** The file beside a backup that `sha256sum -c` reads. */
export const checksumName = (name: string) => `${name}.sha256`;

/** Returns what stands in it. */
export const checksumText = (sha256: string, name: string) => `${sha256}  ${name}\n`;

/** Returns the backups among these names, newest first. */
export const newestFirst = (names: string[]) => names.filter(isBackupName).sort().reverse();
