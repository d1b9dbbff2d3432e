import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 100;
/** After which a lock nobody has signed counts as left behind: signing is the first thing its holder does. */
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
 * When a process began, in a form that is only good for comparing; empty where the system does not say. A container gives
 * its processes the ids of those before: without this, one that died would seem to live on in its successor.
 */
function beginningOf(pid: number): string {
  try {
    // proc(5): field 22. The name of the program, field 2, stands in parentheses and may itself contain some.
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
  // The id last: who finds it finds everything.
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

/** Takes an abandoned lock away. */
function clear(folder: string): void {
  // Moved before it is removed: of several who found it abandoned, one moves it, and a later one might move the lock that
  // one has taken since. It sees that, and puts it back.
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
 * Runs `work` while no other process of this machine runs anything under the same lock folder. A holder that died is
 * robbed; one that lives is waited for, however long it takes.
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
