import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** CPU time of one repetition, in milliseconds. */
export interface CpuCost {
  /** Of all threads of this process. */
  processMs: number;
  /** Of PostgreSQL's processes; 0 where `/proc` does not have them. */
  databaseMs: number;
}

const NANOSECONDS_PER_MS = 1e6;

/** The server's processes: the postmaster, and the children it has now. */
function processesOf(postmaster: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
    } catch {
      return false; // It has ended meanwhile.
    }
  });
  return [postmaster, ...children.map(Number)];
}

/** Returns the CPU time of each of PostgreSQL's processes so far (https://docs.kernel.org/scheduler/sched-stats.html). */
function databaseTimes(dataDir: string): Map<number, number> {
  const times = new Map<number, number>();
  try {
    const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    for (const pid of processesOf(postmaster)) {
      const [ran = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
      times.set(pid, Number(ran) / NANOSECONDS_PER_MS);
    }
  } catch {
    // No `/proc`: only the process is measured.
  }
  return times;
}

/** Returns the least of several measurements of what one repetition costs, after a warm-up. */
export async function measureCpu(
  dataDir: string,
  ask: () => Promise<unknown>,
  { rounds = 3, atLeastMs = 150, most = 200 } = {},
): Promise<CpuCost> {
  await ask();
  await ask();
  let least: CpuCost = { processMs: Number.POSITIVE_INFINITY, databaseMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round += 1) {
    const before = databaseTimes(dataDir);
    const start = process.cpuUsage();
    let count = 0;
    let processMs = 0;
    while (count < most && processMs < atLeastMs) {
      await ask();
      count += 1;
      const { user, system } = process.cpuUsage(start);
      processMs = (user + system) / 1_000;
    }
    let databaseMs = 0;
    for (const [pid, ms] of databaseTimes(dataDir)) databaseMs += ms - (before.get(pid) ?? 0);
    const cost = { processMs: processMs / count, databaseMs: databaseMs / count };
    if (cost.processMs + cost.databaseMs < least.processMs + least.databaseMs) least = cost;
  }
  return least;
}
