import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withStartupLock } from './startup-lock.js';

describe('the startup lock', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function leaveLock(pid: number | undefined): void {
    mkdirSync(lock);
    if (pid !== undefined) writeFileSync(join(lock, 'pid'), String(pid));
  }

  /** The id of a process that has just ended. */
  function deadPid(): number {
    return spawnSync(process.execPath, ['--version']).pid;
  }

  it('returns the result of the work, and is free afterwards', async () => {
    expect(await withStartupLock(lock, async () => readFileSync(join(lock, 'pid'), 'utf8'))).toBe(String(process.pid));
    expect(existsSync(lock)).toBe(false);
  });

  it('is free after work that failed', async () => {
    const failure = new Error('failed');
    await expect(withStartupLock(lock, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(existsSync(lock)).toBe(false);
  });

  it('lets one work at a time', async () => {
    let working = 0;
    let most = 0;
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withStartupLock(lock, work)));
    expect(most).toBe(1);
  });

  it('of a dead process is taken over', async () => {
    leaveLock(deadPid());
    expect(await withStartupLock(lock, async () => readFileSync(join(lock, 'pid'), 'utf8'))).toBe(String(process.pid));
  });

  it('without a pid is taken over once it is old', async () => {
    leaveLock(undefined);
    utimesSync(lock, new Date(0), new Date(0));
    expect(await withStartupLock(lock, async () => 'done')).toBe('done');
  });

  it('of a living process is waited for', async () => {
    leaveLock(process.pid);
    let isDone = false;
    const waiting = withStartupLock(lock, async () => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isDone).toBe(false);
    rmSync(lock, { recursive: true });
    await waiting;
    expect(isDone).toBe(true);
  });

  it('of a living process is never taken over, however old it is', async () => {
    leaveLock(process.pid);
    utimesSync(lock, new Date(0), new Date(0));
    let isDone = false;
    const waiting = withStartupLock(lock, async () => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isDone).toBe(false);
    rmSync(lock, { recursive: true });
    await waiting;
  });

  const hasProc = existsSync('/proc/self/stat');
  (hasProc ? it : it.skip)('of a process whose id another has now is taken over', async () => {
    leaveLock(process.pid);
    writeFileSync(join(lock, 'beginning'), '1');
    expect(await withStartupLock(lock, async () => 'done')).toBe('done');
  });

  it('that was abandoned is taken over by one process at a time, and nothing of it stays', async () => {
    leaveLock(deadPid());
    let working = 0;
    let most = 0;
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withStartupLock(lock, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails without its parent folder', async () => {
    await expect(withStartupLock(join(folder, 'missing', 'lock'), async () => {})).rejects.toThrow('ENOENT');
  });
});
