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

/** Returns the backups among these names, newest first by their names. */
export const newestFirst = (names: string[]) => names.filter(isBackupName).sort().reverse();

/**
 * Returns backups in the order they were made in, the last first, with what is made now at its head. One whose name is of
 * a later time was made by a clock that was ahead, or this one was set back: either way it is older than all that is
 * made since, and must not push it out.
 */
export function lastMadeFirst(names: string[], nowMade: string): string[] {
  const sorted = newestFirst(names);
  return [...sorted.filter((name) => name <= nowMade), ...sorted.filter((name) => name > nowMade)];
}
