import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

/** The resources of one process; delays in milliseconds since the last reading. */
export interface ProcessStatus {
  memory: { residentBytes: number; heapUsedBytes: number; heapTotalBytes: number };
  eventLoop: { p50DelayMs: number; p99DelayMs: number; maxDelayMs: number; utilization: number };
}

const RESOLUTION_MS = 10;

/** Measures this process until `lifecycle` closes. Returns a function that reads and resets. */
export function watchProcess(lifecycle: Lifecycle): () => ProcessStatus {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  lifecycle.onClose('Event loop monitor', () => void delays.disable());
  let before = performance.eventLoopUtilization();
  return () => {
    // The histogram includes the interval of its own timer.
    const milliseconds = (nanoseconds: number) =>
      Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / 1e5 - RESOLUTION_MS * 10) / 10) : 0;
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    const status: ProcessStatus = {
      memory: { residentBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal },
      eventLoop: {
        p50DelayMs: milliseconds(delays.percentile(50)),
        p99DelayMs: milliseconds(delays.percentile(99)),
        maxDelayMs: milliseconds(delays.max),
        utilization: Math.round(utilization * 1000) / 1000,
      },
    };
    before = now;
    delays.reset();
    return status;
  };
}
