const NAME = /^webmetrics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.jsonl\.gz(\.enc)?$/;

/** Returns a backup's name; names sort by time. */
export function backupName(startedAt: Date, isSealed: boolean): string {
  return `webmetrics-${startedAt.toISOString().replace(/[:.]/g, '-')}.jsonl.gz${isSealed ? '.enc' : ''}`;
}

export const isBackupName = (name: string) => NAME.test(name);

/** Name of the checksum file for `sha256sum -c`. */
export const checksumName = (name: string) => `${name}.sha256`;

export const checksumText = (sha256: string, name: string) => `${sha256}  ${name}\n`;

export const newestFirst = (names: string[]) => names.filter(isBackupName).sort().reverse();

/**
 * Sorts backups newest first, given the one made now. Names with a later time stem from a clock that was ahead and
 * count as older, so that they do not displace newer ones.
 */
export function lastMadeFirst(names: string[], nowMade: string): string[] {
  const sorted = newestFirst(names);
  return [...sorted.filter((name) => name <= nowMade), ...sorted.filter((name) => name > nowMade)];
}
