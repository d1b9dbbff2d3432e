import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Processes that want a processor, for each there is. */
const BUSY_LOAD = 1.5;
/** How late this process, which waits for services mostly, may get its turn. */
const BUSY_DELAY_MS = 250;
const NANOSECONDS = 1_000_000;

/** Returns why nothing answers quickly on this machine right now; undefined = it is not busy. */
export type DescribeLoad = () => string | undefined;

/** Returns how busy a machine is, by its load of the last minute and by how late this process got its turn. */
export function judgeLoad(load: number, processors: number, delayMs: number): string | undefined {
  if (load / processors < BUSY_LOAD && delayMs < BUSY_DELAY_MS) return undefined;
  return `load ${load.toFixed(1)} on ${processors === 1 ? '1 processor' : `${processors} processors`}`;
}

/** Begins to observe this machine. */
export function watchLoad(): DescribeLoad {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return () => judgeLoad(loadavg()[0] ?? 0, availableParallelism(), delay.percentile(90) / NANOSECONDS);
}
