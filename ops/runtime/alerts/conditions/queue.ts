import { ageOf } from '#runtime/telemetry/figure-source.js';
import { readQueue } from '#runtime/telemetry/observe-jobs.js';
import type { Condition } from './condition.js';
import { LIMITS } from './limits.js';

/** Whether jobs were given up and wait for an operator. */
export const jobsGivenUp: Condition = {
  name: 'jobs-given-up',
  category: 'job',
  evaluate: async () => {
    const dead = (await readQueue())?.filter(({ dead }) => dead > 0);
    if (!dead || dead.length === 0) return dead && [];
    const kinds = dead.map(({ name, dead: count }) => `${count} of ${name}`).join(', ');
    return [{ message: `Jobs were given up, and wait at /jobs: ${kinds}.` }];
  },
};

/** Whether a due job waits for more than five minutes: no worker runs, or all are busy. */
export const queueOld: Condition = {
  name: 'queue-old',
  category: 'job',
  causes: ['queue-unreachable', 'database-unreachable'],
  evaluate: async () => {
    const kinds = await readQueue();
    const late = kinds?.filter(({ oldestWaitingSince }) => ageOf(oldestWaitingSince) > LIMITS.queueSeconds);
    if (!late || late.length === 0) return late && [];
    const times = late.map(({ oldestWaitingSince }) => oldestWaitingSince?.getTime() ?? Date.now());
    const since = new Date(Math.min(...times) + 1_000 * LIMITS.queueSeconds);
    return [
      { message: `Due jobs wait for more than five minutes: ${late.map(({ name }) => name).join(', ')}.`, since },
    ];
  },
};
