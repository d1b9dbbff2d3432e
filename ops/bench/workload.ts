/** One request of a benchmark; `iteration` counts up, to rotate users and variables. Rejects on a wrong answer. */
export type Workload = (iteration: number) => Promise<unknown>;

/** Runs iterations concurrently while `hasNext` is true, and returns their number. */
export async function runWhile(
  workload: Workload,
  hasNext: (iteration: number) => boolean,
  concurrency: number,
): Promise<number> {
  let next = 0;
  const worker = async () => {
    while (hasNext(next)) await workload(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return next;
}

/** Runs a number of iterations concurrently. */
export async function runTimes(workload: Workload, count: number, concurrency: number): Promise<void> {
  await runWhile(workload, (iteration) => iteration < count, concurrency);
}

/** Runs iterations concurrently for a time, and returns their number. */
export function runFor(workload: Workload, milliseconds: number, concurrency: number): Promise<number> {
  const end = performance.now() + milliseconds;
  return runWhile(workload, () => performance.now() < end, concurrency);
}
