import { readFileSync } from 'node:fs';

/** Of `/proc`, on every architecture (`USER_HZ`). */
const MS_PER_TICK = 10;
const BYTES_PER_KB = 1_024;

/** Returns the CPU time of a process so far, of threads that have ended too (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(utime) + Number(stime)) * MS_PER_TICK;
}

/** Returns the resident memory of a process, in bytes. */
export function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * BYTES_PER_KB;
}
