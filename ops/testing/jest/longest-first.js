// In which order Jest runs the test files: the long ones first, so that none is left alone at the end. A new checkout has
// no times of former runs, and the size of a file says little.
import { readFileSync, statSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

const STARTS_PROCESSES = /(start-process|compose-processes|start-redis|describe-job-faults|embedded-postgres)\.js'/;
// Those that start processes wait for the most part: beside each, others can use the processor.
const OTHERS_BETWEEN = 5;

function rankOf(path) {
  if (path.endsWith('.e2e.test.ts')) return 0;
  return path.endsWith('.integration.test.ts') ? 1 : 2;
}

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = tests
      .map((test) => ({ test, rank: rankOf(test.path), size: statSync(test.path).size }))
      .sort((one, other) => one.rank - other.rank || other.size - one.size)
      .map(({ test }) => test);
    const startsProcesses = ({ path }) => STARTS_PROCESSES.test(readFileSync(path, 'utf8'));
    const waiting = sorted.filter(startsProcesses);
    const others = sorted.filter((test) => !waiting.includes(test));
    const mixed = waiting.flatMap((test, n) => [test, ...others.slice(n * OTHERS_BETWEEN, (n + 1) * OTHERS_BETWEEN)]);
    return [...mixed, ...others.slice(waiting.length * OTHERS_BETWEEN)];
  }
}
