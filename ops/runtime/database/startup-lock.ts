import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 100;
/** When a lock without a pid counts as abandoned. */
const UNSIGNED_AFTER_MS = 90_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The start time of a process, empty where the system has none: containers reuse process ids, and a dead holder would seem
 * to live on in its successor.
 */
function beginningOf(pid: number): string {
  try {
    // proc(5): field 22. Field 2, the name in parentheses, may itself contain some.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sign(folder: string): void {
  // The pid last: a lock that has it is complete.
  writeFileSync(join(folder, 'beginning'), beginningOf(process.pid));
  writeFileSync(join(folder, 'pid'), String(process.pid));
}

function isAbandoned(folder: string): boolean {
  const pid = Number(read(join(folder, 'pid')));
  if (!pid) {
    const madeAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - madeAt > UNSIGNED_AFTER_MS;
  }
  const beginning = read(join(folder, 'beginning'));
  return !isAlive(pid) || (beginning !== '' && beginning !== beginningOf(pid));
}

function clear(folder: string): void {
  // Renamed first: of several processes that found it abandoned, a late one might hit the lock that another has taken
  // since, which it notices and puts back.
  const aside = `${folder}.${process.pid}.${randomUUID()}`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  if (isAbandoned(aside)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
}

/**
 * Runs `work` exclusively among the processes of this machine that use the same lock folder. The lock of a dead process is
 * taken over; one of a living process is waited for without limit.
 */
export async function withStartupLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAbandoned(folder)) clear(folder);
      else await wait(RETRY_MS);
    }
  }
  try {
    sign(folder);
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
