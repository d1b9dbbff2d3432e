import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Jobs } from '#runtime/jobs/jobs.js';
import {
  eventually,
  gate,
  JobStage,
  LONG_LOCK_LIFETIME_MS,
  NOTICED_WITHIN_MS,
  type Order,
  type QueueAddress,
  SHORT_LOCK_LIFETIME_MS,
} from './job-stage.js';

/** Asks until a job ran: the one before it may not have left the queue. */
async function insist(jobs: Jobs, order: Order, isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + NOTICED_WITHIN_MS;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`The queue takes no new job with the key ${order.key}.`);
    await jobs.enqueue('test.work', { ...order });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const NOT_THE_CLOCK = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
const SOON = { lockLifetimeMs: SHORT_LOCK_LIFETIME_MS };

/** The suite every job queue passes without failures. `newQueue` makes an empty one. */
export function describeJobs(name: string, newQueue: () => Promise<QueueAddress>): void {
  describe(`the job queue in ${name}`, () => {
    let stage: JobStage;
    beforeEach(async () => {
      stage = new JobStage(await newQueue());
    });
    afterEach(() => {
      jest.useRealTimers();
      return stage.close();
    });

    it('releases jobs it has not started when it stops', async () => {
      const seen: string[] = [];
      const end = gate();
      const first = await stage.openAlone({ lockLifetimeMs: LONG_LOCK_LIFETIME_MS });
      const run =
        (process: string, wait: Promise<void>) =>
        async ({ key }: Order) => {
          seen.push(`${process}:${key}`);
          await wait;
        };
      await first.work([{ name: 'test.work', concurrency: 1, run: run('first', end.opened) }]);
      await first.enqueue('test.work', { key: 'a' });
      await eventually('it was begun', () => seen.length === 1);
      await first.enqueue('test.work', { key: 'b' });
      await stage.caughtUp(first);
      const drained = first.drain(1_000);
      end.open();
      await drained;
      await first.close();
      const second = await stage.open({ lockLifetimeMs: LONG_LOCK_LIFETIME_MS });
      await second.work([{ name: 'test.work', run: run('second', Promise.resolve()) }]);
      await eventually('the other took it', () => seen.includes('second:b'));
      expect(seen).toEqual(['first:a', 'second:b']);
    });

    it('runs a job once, with its data', async () => {
      const seen: Order[] = [];
      const jobs = await stage.work({ run: async (order) => void seen.push(order) });
      await jobs.enqueue('test.work', { key: 'a', number: 7, nested: { list: [1, null, 'ü'] } });
      await eventually('it ran', () => seen.length > 0);
      await stage.caughtUp(jobs);
      expect(seen).toEqual([{ key: 'a', number: 7, nested: { list: [1, null, 'ü'] } }]);
    });

    it('runs what was enqueued before anyone worked', async () => {
      const seen: string[] = [];
      const asking = await stage.open();
      await asking.enqueue('test.work', { key: 'early' });
      await stage.work({ run: async ({ key }) => void seen.push(key) });
      await eventually('it ran', () => seen.includes('early'));
    });

    it('runs in one process what another has enqueued', async () => {
      const seen: string[] = [];
      await stage.work({ run: async ({ key }) => void seen.push(key) });
      const asking = await stage.open();
      await asking.enqueue('test.work', { key: 'a' });
      await eventually('it ran', () => seen.includes('a'));
    });

    it('runs a job again after a failure', async () => {
      const attempts: string[] = [];
      const jobs = await stage.work({
        run: async ({ key }) => {
          attempts.push(key);
          if (attempts.length === 1) throw new Error('for the first time');
        },
      });
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it ran twice', () => attempts.length === 2);
    });

    it('gives a job up after its last attempt, and takes a new one with its key', async () => {
      const attempts: number[] = [];
      const jobs = await stage.work({
        maxRetries: 0,
        run: async ({ number = 0 }) => {
          attempts.push(number);
          if (number === 1) throw new Error('for good');
        },
      });
      await jobs.enqueue('test.work', { key: 'a', number: 1 });
      await eventually('it failed', () => attempts.length === 1);
      await insist(jobs, { key: 'a', number: 2 }, () => attempts.includes(2));
      expect(attempts.filter((number) => number === 1)).toEqual([1]);
    });

    it('adds no second job while one with its key waits', async () => {
      const seen: number[] = [];
      const asking = await stage.open();
      for (const number of [1, 2, 3]) await asking.enqueue('test.work', { key: 'a', number });
      await asking.enqueue('test.work', { key: 'b', number: 4 });
      await asking.enqueue('test.other', { key: 'a' });
      const jobs = await stage.work({ run: async ({ number = 0 }) => void seen.push(number) });
      await eventually('both keys ran', () => seen.length >= 2);
      await stage.caughtUp(jobs);
      expect(seen.sort()).toEqual([1, 4]);
    });

    it('adds a job with the key of one that is done', async () => {
      const seen: number[] = [];
      const jobs = await stage.work({ run: async ({ number = 0 }) => void seen.push(number) });
      await jobs.enqueue('test.work', { key: 'a', number: 1 });
      await eventually('the first ran', () => seen.length === 1);
      await insist(jobs, { key: 'a', number: 2 }, () => seen.includes(2));
    });

    it('takes word of progress', async () => {
      let isDone = false;
      const jobs = await stage.work({
        run: async (_order, { reportProgress }) => {
          for (const percent of [0, 50, 100]) await reportProgress(percent);
          isDone = true;
        },
      });
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it ran to the end', () => isDone);
    });

    it('runs a job on its schedule, without anyone asking', async () => {
      let runs = 0;
      const run = async () => {
        runs += 1;
      };
      await stage.work({ schedule: '1 second', run });
      await eventually('it ran twice', () => runs >= 2);
    });

    it('keeps one schedule, however many processes have it', async () => {
      const runs: number[] = [];
      const definition = (process: number) => ({ schedule: '1 hour', run: async () => void runs.push(process) });
      const [jobs] = await Promise.all([
        stage.work(definition(1)),
        stage.work(definition(2)),
        stage.work(definition(3)),
      ]);
      await stage.caughtUp(jobs);
      expect(runs.length).toBeLessThanOrEqual(1);
    });

    it('does not wait for a time that a clock ahead of its time has set', async () => {
      const hour = 60 * 60 * 1_000;
      const worker = await stage.openAlone();
      const definition = { name: 'test.work', run: async () => {} };
      // Its time is far enough off that it does not run meanwhile.
      const at = new Date(Date.now() + 3 * hour);
      const schedule = `0 ${at.getHours()} * * *`;
      await worker.work([{ ...definition, schedule }]);
      const next = (await stage.nextRun(worker, 'test.work')) as Date;
      await worker.close();

      const soon = new Date(next.getTime() - hour);
      await stage.putOff('test.work', soon);
      const second = await stage.work({ ...definition, schedule });
      expect(await stage.nextRun(second, 'test.work')).toEqual(soon);

      await stage.putOff('test.work', new Date(Date.now() + 365 * 24 * hour));
      const third = await stage.work({ ...definition, schedule });
      expect(await stage.nextRun(third, 'test.work')).toEqual(next);
    });

    it('shares the work between processes, and runs nothing twice', async () => {
      const seen: string[] = [];
      const run =
        (process: string) =>
        async ({ key }: Order) => {
          seen.push(`${process}:${key}`);
          await new Promise((resolve) => setTimeout(resolve, 5));
        };
      const workers = await Promise.all(
        ['one', 'two'].map((process) => stage.work({ concurrency: 2, run: run(process) })),
      );
      const keys = Array.from({ length: 40 }, (_, index) => String(index));
      await Promise.all(keys.map((key, index) => workers[index % 2]?.enqueue('test.work', { key })));
      await eventually('all ran', () => seen.length >= keys.length);
      for (const jobs of workers) await stage.caughtUp(jobs);
      expect(seen.map((entry) => entry.split(':')[1]).sort()).toEqual([...keys].sort());
    });

    it('runs no more at the same time than its concurrency allows', async () => {
      let running = 0;
      let most = 0;
      const end = gate();
      let done = 0;
      const jobs = await stage.work({
        concurrency: 2,
        run: async () => {
          running += 1;
          most = Math.max(most, running);
          await end.opened;
          running -= 1;
          done += 1;
        },
      });
      await Promise.all(Array.from({ length: 10 }, (_, key) => jobs.enqueue('test.work', { key: String(key) })));
      await eventually('two are running', () => running === 2);
      await stage.caughtUp(jobs);
      end.open();
      await eventually('all ran', () => done === 10);
      expect(most).toBe(2);
    });

    it('gives the work of a process that died to another', async () => {
      const seen: string[] = [];
      const death = gate();
      // Loses its store in the middle, as a killed process does.
      const dying = await stage.openAlone();
      const run = async () => {
        seen.push('dying');
        await death.opened;
      };
      await dying.work([{ name: 'test.work', run }]);
      await dying.enqueue('test.work', { key: 'a' });
      await eventually('it was begun', () => seen.length === 1);
      await dying.close();
      await stage.work({ run: async () => void seen.push('living') }, SOON);
      await eventually('it was taken over', () => seen.includes('living'));
      expect(seen).toEqual(['dying', 'living']);
      death.open();
    });

    it('leaves long work to the process that is still at it', async () => {
      const seen: string[] = [];
      const end = gate();
      const workIn = (process: string) => ({
        name: 'test.work',
        run: async ({ key }: Order) => {
          seen.push(`${process}:${key}`);
          if (key === 'long') await end.opened;
          if (process === 'dying') await new Promise(() => {});
        },
      });
      const dying = await stage.openAlone();
      await dying.work([workIn('dying')]);
      await dying.enqueue('test.work', { key: 'left' });
      await eventually('the other was begun', () => seen.includes('dying:left'));
      await dying.close();
      // Time passes as fast as the lock is renewed, and no faster.
      jest.useFakeTimers({ now: Date.now(), doNotFake: [...NOT_THE_CLOCK] });
      const [first, second] = [await stage.open(SOON), await stage.open(SOON)];
      await first.work([workIn('first')]);
      await first.enqueue('test.work', { key: 'long' });
      await eventually('it was begun', () => seen.includes('first:long'));
      await second.work([workIn('second')]);
      for (let part = 0; part < 4; part += 1) {
        const now = new Date(Date.now() + SHORT_LOCK_LIFETIME_MS / 2);
        jest.setSystemTime(now);
        const isRenewed = async () => ((await stage.lockedAt('test.work', 'long')) ?? 0) >= now;
        await eventually('the lock is renewed', isRenewed);
      }
      const isTaken = () => seen.some((entry) => ['first:left', 'second:left'].includes(entry));
      await eventually('the job of the dead worker is taken', isTaken);
      expect(seen.filter((entry) => entry.endsWith(':long'))).toEqual(['first:long']);
      end.open();
    });

    it('finishes the work it is at before it stops, and begins no more', async () => {
      const seen: string[] = [];
      const end = gate();
      const jobs = await stage.work({
        concurrency: 1,
        run: async ({ key }) => {
          seen.push(`${key} began`);
          await end.opened;
          seen.push(`${key} ended`);
        },
      });
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it was begun', () => seen.length === 1);
      await jobs.enqueue('test.work', { key: 'b' });
      let isDrained = false;
      // The timeout is for work that never ends; this ends long before.
      const drained = jobs.drain(10 * 60_000).then(() => {
        isDrained = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(isDrained).toBe(false);
      end.open();
      await eventually('it stopped', () => isDrained);
      await drained;
      expect(seen).toEqual(['a began', 'a ended']);
    });

    it('stops at the end of its patience with work that does not end', async () => {
      const end = gate();
      let isBegun = false;
      const jobs = await stage.work({
        run: async () => {
          isBegun = true;
          await end.opened;
        },
      });
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it was begun', () => isBegun);
      await jobs.drain(10);
      end.open();
    });

    it('can be closed without ever having been used', async () => {
      const jobs = await stage.openAlone();
      await jobs.drain(10 * 60_000);
      await jobs.close();
    });

    it('is prepared by several processes at once', async () => {
      const all = await Promise.all(Array.from({ length: 5 }, () => stage.open()));
      expect(new Set(all.map(({ backend }) => backend)).size).toBe(1);
    });
  });
}
