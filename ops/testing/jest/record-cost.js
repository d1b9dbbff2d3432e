// What each test file takes of the processor: with `TEST_COSTS=<file>`, a line of JSON per file, of this worker and of the
// processes that it started and that have ended.
import { appendFileSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Processor seconds of this process and of its ended children; of Linux, elsewhere of this process only. */
function processorSeconds() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    const [user, system, childrenUser, childrenSystem] = fields
      .slice(11, 15)
      .map((ticks) => Number(ticks) / TICKS_PER_SECOND);
    return { own: user + system, children: childrenUser + childrenSystem };
  } catch {
    const { user, system } = process.cpuUsage();
    return { own: (user + system) / 1e6, children: 0 };
  }
}

/** Runs a test file and records its cost where `TEST_COSTS` names a file. */
export async function recordCost(path, run) {
  const file = process.env.TEST_COSTS;
  if (!file) return run();
  const before = processorSeconds();
  const startedAt = Date.now();
  try {
    return await run();
  } finally {
    const after = processorSeconds();
    const cost = {
      path,
      own: Number((after.own - before.own).toFixed(2)),
      children: Number((after.children - before.children).toFixed(2)),
      seconds: (Date.now() - startedAt) / 1000,
    };
    appendFileSync(file, `${JSON.stringify(cost)}\n`);
  }
}
