import { readdirSync, readFileSync } from 'node:fs';

function readStatus(pid: number): { state: string; parent: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, state = ''] = /^State:\s+(\w)/m.exec(status) ?? [];
    const [, parent] = /^PPid:\s+(\d+)/m.exec(status) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** Whether a process of Linux runs, and is no zombie. */
export function isRunning(pid: number): boolean {
  const state = readStatus(pid)?.state;
  return state !== undefined && state !== 'Z';
}

function scriptOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .find((word) => word.endsWith('.js'));
  } catch {
    return undefined;
  }
}

/** Returns the ids of the processes of Linux that `pid` started, or one of them, and that run a script of Node.js called `name`. */
export function processesBelow(pid: number, name: string): number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const below = new Set([pid]);
  // A child may have a smaller id than its parent.
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const each of all) if (below.has(readStatus(each)?.parent ?? 0)) below.add(each);
  }
  return [...below].filter((each) => each !== pid && isRunning(each) && scriptOf(each)?.endsWith(`/${name}.js`));
}
