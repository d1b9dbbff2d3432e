import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Conflict, NotFound, ServiceUnavailable } from '#runtime/errors.js';
import type { DeadLetter, JobDefinition, JobRun, Jobs, JobsOptions } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { currentRequestContext, withRequestContext } from '#runtime/scope/request-context.js';
import { openCuttableTransport } from './cuttable-transport.js';
import {
  eventually,
  gate,
  JobStage,
  LONG_LOCK_LIFETIME_MS,
  type Order,
  type QueueAddress,
  SHORT_LOCK_LIFETIME_MS,
} from './job-stage.js';

/** The suite every job queue passes for failures and repeated runs. */
export function describeJobFaults(name: string, newQueue: () => Promise<QueueAddress>): void {
  describe(`the job queue in ${name}, when things go wrong,`, () => {
    let stage: JobStage;
    beforeEach(async () => {
      stage = new JobStage(await newQueue());
    });
    afterEach(() => stage.close());

    async function openEffects(): Promise<{ database: DataSource; count(): Promise<number> }> {
      const database = await stage.operations();
      await database.query('CREATE TABLE IF NOT EXISTS operations.effect (key text)');
      const count = async () =>
        Number((await database.query<[{ count: string }]>('SELECT count(*) FROM operations.effect'))[0].count);
      return { database, count };
    }

    const addEffect =
      (database: DataSource, part?: string) =>
      ({ key }: Order, run: JobRun) =>
        run.once(database, (manager) => manager.query('INSERT INTO operations.effect VALUES ($1)', [key]), part);

    async function deadJob(
      order: Order,
      definition: Partial<JobDefinition<Order>> = {},
      options: Partial<JobsOptions> = {},
    ) {
      const jobs = await stage.work(
        {
          maxRetries: 0,
          run: async () => {
            throw new Error('It cannot be done');
          },
          ...definition,
        },
        options,
      );
      await jobs.enqueue('test.work', { ...order });
      await eventually('it was given up', async () => (await jobs.deadLetters()).length > 0);
      const [letter] = (await jobs.deadLetters()) as [DeadLetter];
      return { jobs, letter };
    }

    /** Takes work in a process that loses its store in the middle, like one that is killed. */
    const SOON = { lockLifetimeMs: SHORT_LOCK_LIFETIME_MS };
    async function killWhileWorking(definition: Omit<JobDefinition<Order>, 'run'>, orders: Order[]): Promise<void> {
      const dying = await stage.openAlone({ lockLifetimeMs: SHORT_LOCK_LIFETIME_MS });
      let begun = 0;
      const run = async () => {
        begun += 1;
        await new Promise(() => {});
      };
      for (const order of orders) await dying.enqueue(definition.name, { ...order });
      await dying.work([{ ...definition, run }]);
      await eventually('it was begun', () => begun > 0);
      await dying.close();
    }

    it('runs a job again, as often as it takes, while what it needs is unavailable: that is no attempt', async () => {
      const seen: { attempt: number; order: Order }[] = [];
      const jobs = await stage.work({
        maxRetries: 0,
        run: async (order, { attempt }) => {
          seen.push({ attempt, order });
          if (seen.length <= 4) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        },
      });
      await jobs.enqueue('test.work', { key: 'a', number: 7 });
      await eventually('it was done', () => seen.length === 5);
      await stage.caughtUp(jobs);
      expect(seen).toEqual(Array.from({ length: 5 }, () => ({ attempt: 1, order: { key: 'a', number: 7 } })));
      expect(await jobs.deadLetters()).toEqual([]);
      expect(stage.alerts).toEqual([]);
    });

    it('gives a job up at the attempt after it waited, when it cannot be done', async () => {
      let runs = 0;
      const { letter } = await deadJob(
        { key: 'a' },
        {
          maxRetries: 1,
          run: async () => {
            runs += 1;
            if (runs === 1) throw new ServiceUnavailable();
            throw new Error('It cannot be done');
          },
        },
      );
      expect(runs).toBe(3);
      expect(letter).toMatchObject({ attempts: 2, data: { key: 'a' } });
    });

    describe('does the database work of a job exactly once', () => {
      it('when the worker fails after it', async () => {
        const { database, count } = await openEffects();
        let attempts = 0;
        const jobs = await stage.work({
          run: async (order, run) => {
            attempts += 1;
            await addEffect(database)(order, run);
            if (attempts < 3) throw new Error('just after the commit');
          },
        });
        await jobs.enqueue('test.work', { key: 'a' });
        await eventually('it was done', () => attempts === 3);
        await stage.caughtUp(jobs);
        expect(await count()).toBe(1);
      });

      it('when it fails before it, and in the middle of it', async () => {
        const { database, count } = await openEffects();
        let attempts = 0;
        const jobs = await stage.work({
          run: async ({ key }, run) => {
            attempts += 1;
            if (attempts === 1) throw new Error('before');
            await run.once(database, async (manager) => {
              await manager.query('INSERT INTO operations.effect VALUES ($1)', [key]);
              if (attempts === 2) throw new Error('before the commit');
            });
          },
        });
        await jobs.enqueue('test.work', { key: 'a' });
        await eventually('it was done', () => attempts === 3);
        await stage.caughtUp(jobs);
        expect(await count()).toBe(1);
      });

      it('when two workers are at it at the same time', async () => {
        const { database, count } = await openEffects();
        const inTransaction = gate();
        const outcomes: boolean[] = [];
        let runs = 0;
        const run = async ({ key }: Order, { once }: JobRun) => {
          runs += 1;
          const isFirst = runs === 1;
          const effect = once(database, async (manager) => {
            await manager.query('INSERT INTO operations.effect VALUES ($1)', [key]);
            if (isFirst) await inTransaction.opened;
          });
          outcomes.push(await effect);
        };
        // Loses its store in the middle of its transaction, but goes on.
        const first = await stage.openAlone();
        await first.work([{ name: 'test.work', run }]);
        await first.enqueue('test.work', { key: 'a' });
        await eventually('the first was at it', () => runs === 1);
        await first.close();
        await stage.work({ run }, SOON);
        await eventually('the second was at it', () => runs === 2);
        inTransaction.open();
        await eventually('both were through', () => outcomes.length === 2);
        expect(outcomes.sort()).toEqual([false, true]);
        expect(await count()).toBe(1);
      });

      it('for each of its parts', async () => {
        const { database, count } = await openEffects();
        let attempts = 0;
        const jobs = await stage.work({
          run: async (order, run) => {
            attempts += 1;
            for (const part of ['one', 'two', 'three']) {
              await addEffect(database, part)(order, run);
              if (attempts === 1 && part === 'two') throw new Error('in between');
            }
          },
        });
        await jobs.enqueue('test.work', { key: 'a' });
        await eventually('it was done', () => attempts === 2);
        await stage.caughtUp(jobs);
        expect(await count()).toBe(3);
      });

      it('once per round of a schedule, when rounds have keys', async () => {
        const { database, count } = await openEffects();
        let rounds = 0;
        let failure: Error | undefined;
        await stage.work({
          schedule: '1 second',
          run: async (_order, run) => {
            await addEffect(database)({ key: 'round' }, run).catch((error: Error) => {
              failure = error;
            });
            await addEffect(database, String(rounds < 2 ? rounds : 1))({ key: 'round' }, run);
            rounds += 1;
          },
        });
        await eventually('it ran three times', () => rounds >= 3);
        expect([await count(), failure?.message]).toEqual([2, expect.stringContaining('say which run this is')]);
      });
    });

    describe('knows an idempotency key', () => {
      it('while the first job is in the queue, and after it is done', async () => {
        const seen: string[] = [];
        const jobs = await stage.openWithLedger();
        await jobs.work([{ name: 'test.work', run: async ({ key }: Order) => void seen.push(key) }]);
        for (const key of ['a', 'b']) await jobs.enqueue('test.work', { key }, { idempotencyKey: 'order 7' });
        await eventually('one ran', () => seen.length > 0);
        await eventually('both are over', async () => (await jobs.find('test.work', 'a')) === null);
        await jobs.enqueue('test.work', { key: 'c' }, { idempotencyKey: 'order 7' });
        await jobs.enqueue('test.work', { key: 'd' }, { idempotencyKey: 'order 8' });
        await eventually('another key ran', () => seen.includes('d'));
        await eventually('all are over', async () => (await jobs.find('test.work', 'c')) === null);
        await stage.caughtUp(jobs);
        // The first two may have begun at the same time: at least once, for what is no database work.
        expect(seen.filter((key) => key === 'c' || key === 'd')).toEqual(['d']);
      });

      it('for database work, also when both run at the same time', async () => {
        const { database, count } = await openEffects();
        const jobs = await stage.openWithLedger();
        let runs = 0;
        const run = async (order: Order, run: JobRun) => {
          await addEffect(database)(order, run);
          runs += 1;
        };
        await jobs.work([{ name: 'test.work', run }]);
        const keys = ['a', 'b', 'c', 'd'];
        await Promise.all(keys.map((key) => jobs.enqueue('test.work', { key }, { idempotencyKey: 'order 7' })));
        await eventually('one ran', () => runs > 0);
        await stage.caughtUp(jobs);
        expect(await count()).toBe(1);
      });

      it('when the first job has failed', async () => {
        let attempts = 0;
        const jobs = await stage.openWithLedger();
        const run = async () => {
          attempts += 1;
          if (attempts === 1) throw new Error('for the first time');
        };
        await jobs.work([{ name: 'test.work', run }]);
        await jobs.enqueue('test.work', { key: 'a' }, { idempotencyKey: 'order 7' });
        await eventually('it was tried again', () => attempts === 2);
      });
    });

    it('adds one job, however many ask for it at the same moment', async () => {
      const seen: string[] = [];
      const asking = await Promise.all(Array.from({ length: 4 }, () => stage.open()));
      await Promise.all(asking.flatMap((jobs) => [1, 2, 3].map(() => jobs.enqueue('test.work', { key: 'a' }))));
      const [status] = await (asking[0] as Jobs).status();
      expect(status).toMatchObject({ name: 'test.work', waiting: 1 });
      const jobs = await stage.work({ run: async ({ key }) => void seen.push(key) });
      await eventually('it ran', () => seen.length > 0);
      await stage.caughtUp(jobs);
      expect(seen).toEqual(['a']);
    });

    it('waits longer before each further attempt', async () => {
      const at: number[] = [];
      const jobs = await stage.work(
        {
          maxRetries: 3,
          run: async () => {
            at.push(Date.now());
            throw new Error('again');
          },
        },
        { firstRetryMs: 100 },
      );
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it was given up', async () => (await jobs.deadLetters()).length > 0);
      const pauses = at.slice(1).map((time, index) => time - (at[index] as number));
      // Never sooner than planned; how much later is up to the machine.
      expect(pauses.map((pause, index) => pause >= 100 * 2 ** index)).toEqual([true, true, true]);
    });

    it('lets others read how much of a job is done, while it goes on', async () => {
      const end = gate();
      await stage.work({
        run: async (_order, { reportProgress }) => {
          await reportProgress(40);
          await end.opened;
        },
      });
      const other = await stage.open();
      expect(await other.find('test.work', 'a')).toBeNull();
      await other.enqueue('test.work', { key: 'a' });
      await eventually('it can be read', async () => (await other.find('test.work', 'a'))?.progress === 40);
      expect(await other.find('test.work', 'a')).toMatchObject({ state: 'running', failures: 0 });
      end.open();
      await eventually('it is over', async () => (await other.find('test.work', 'a')) === null);
    });

    describe('cancels', () => {
      it('a job that waits: it never runs', async () => {
        const seen: string[] = [];
        const asking = await stage.open();
        for (const key of ['a', 'b']) await asking.enqueue('test.work', { key });
        expect(await asking.cancel('test.work', 'a')).toBe(true);
        expect(await asking.cancel('test.work', 'never there')).toBe(false);
        const jobs = await stage.work({ run: async ({ key }) => void seen.push(key) });
        await eventually('the other ran', () => seen.includes('b'));
        await stage.caughtUp(jobs);
        expect(seen).toEqual(['b']);
      });

      it.each<[string, boolean]>([
        ['at once, where PostgreSQL carries the word', true],
        ['when it looks, where nothing does', false],
      ])('a job that runs in another process: %s', async (_how, isTold) => {
        // Without word of it, the worker finds out when it next renews its lock.
        if (!isTold && !stage.address.mongodbUrl) return;
        const databaseUrl = isTold ? stage.address.databaseUrl : undefined;
        const seen: string[] = [];
        const jobs = await stage.work(
          {
            run: async (_order, { signal }) => {
              seen.push('begun');
              await new Promise<void>((resolve) => {
                signal.addEventListener('abort', () => resolve());
              });
              seen.push('stopped');
              signal.throwIfAborted();
            },
          },
          { databaseUrl },
        );
        const other = await stage.open({ databaseUrl });
        await other.enqueue('test.work', { key: 'a' });
        await eventually('it was begun', () => seen.includes('begun'));
        expect(await other.cancel('test.work', 'a')).toBe(true);
        await eventually('it was stopped', () => seen.includes('stopped'));
        await stage.caughtUp(jobs);
        expect([seen, await other.deadLetters(), stage.alerts]).toEqual([['begun', 'stopped'], [], []]);
      });
    });

    describe('keeps a job that was given up', () => {
      it('with its data and its cause, and raises an alert', async () => {
        const { jobs, letter } = await deadJob({ key: 'a', number: 7 });
        expect(letter).toMatchObject({
          name: 'test.work',
          data: { key: 'a', number: 7 },
          cause: 'It cannot be done',
          attempts: 1,
        });
        expect(letter.diedAt).toBeInstanceOf(Date);
        expect(stage.alerts).toMatchObject([{ category: 'job', key: 'test.work', error: { message: letter.cause } }]);
        expect(await jobs.deadLetters({ name: 'test.other' })).toEqual([]);
        expect(await jobs.status()).toMatchObject([{ name: 'test.work', waiting: 0, running: 0, dead: 1 }]);
      });

      it('and lets it be replayed', async () => {
        const seen: string[] = [];
        let isMended = false;
        const { jobs, letter } = await deadJob(
          { key: 'a' },
          {
            run: async ({ key }) => {
              if (!isMended) throw new Error('It cannot be done');
              seen.push(key);
            },
          },
        );
        isMended = true;
        await jobs.replay(letter.id);
        await eventually('it ran', () => seen.includes('a'));
        await eventually('it is gone', async () => (await jobs.deadLetters()).length === 0);
        await expect(jobs.replay(letter.id)).rejects.toThrow(NotFound);
        await expect(jobs.replay('nonsense')).rejects.toThrow(NotFound);
      });

      it('but not while another with its key is in the queue', async () => {
        const { jobs, letter } = await deadJob({ key: 'a' });
        await jobs.drain(1_000);
        await jobs.enqueue('test.work', { key: 'a' });
        await expect(jobs.replay(letter.id)).rejects.toThrow(Conflict);
        expect(await jobs.deadLetters()).toMatchObject([{ id: letter.id }]);
      });

      it('until it is discarded', async () => {
        const { jobs, letter } = await deadJob({ key: 'a' });
        await jobs.discard(letter.id);
        expect(await jobs.deadLetters()).toEqual([]);
        await expect(jobs.discard(letter.id)).rejects.toThrow(NotFound);
      });

      it('at once when its data are bad', async () => {
        let runs = 0;
        const parse = (data: unknown) => {
          if (typeof (data as Order).number !== 'number') throw new Error('number is missing');
          return data;
        };
        const run = async () => {
          runs += 1;
        };
        const { jobs, letter } = await deadJob({ key: 'bad' }, { maxRetries: 5, parse, run });
        expect(letter).toMatchObject({ attempts: 1, cause: expect.stringContaining('number is missing') });
        expect(runs).toBe(0);
        await jobs.enqueue('test.work', { key: 'good', number: 1 });
        await eventually('a good one ran', () => runs === 1);
      });

      it('at once on a programming error, with the request that enqueued it', async () => {
        const request = { requestId: 'request-1', organizationId: 'northwind' };
        const run = async () => void (undefined as unknown as Order).key;
        const log: Record<string, unknown>[] = [];
        const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
        const logger = createLogger({ level: 'warn', isPretty: false, destination });
        const { letter } = await withRequestContext(request, () =>
          deadJob({ key: 'a' }, { maxRetries: 5, run }, { logger }),
        );
        const cause = expect.stringContaining('Cannot read properties of undefined');
        expect(letter).toMatchObject({ attempts: 1, cause, requestId: 'request-1' });
        expect(stage.alerts).toMatchObject([{ category: 'job', key: 'test.work', ...request, isLogged: true }]);
        expect(log).toMatchObject([{ level: 'error', job: 'test.work', attempt: 1, ...request }]);
      });
    });

    it('refuses data that are no JSON, and goes on', async () => {
      const seen: string[] = [];
      const jobs = await stage.work({ run: async ({ key }) => void seen.push(key) });
      await expect(jobs.enqueue('test.work', { key: 'a', number: 1n })).rejects.toThrow('BigInt');
      await jobs.enqueue('test.work', { key: 'b', at: new Date(0), nothing: undefined });
      await eventually('the next ran', () => seen.includes('b'));
    });

    it('gives handlers the same data on every store', async () => {
      const seen: unknown[] = [];
      const jobs = await stage.work({ run: async (order) => void seen.push(order) });
      await jobs.enqueue('test.work', { key: 'a', at: new Date(0), nothing: undefined, big: 2 ** 40, part: 1.5 });
      await eventually('it ran', () => seen.length > 0);
      expect(seen).toEqual([{ key: 'a', at: '1970-01-01T00:00:00.000Z', big: 2 ** 40, part: 1.5 }]);
    });

    describe('after a worker was killed', () => {
      it('lets another run everything it had taken, and soon', async () => {
        const keys = Array.from({ length: 12 }, (_, index) => String(index));
        await killWhileWorking(
          { name: 'test.work', concurrency: 5 },
          keys.map((key) => ({ key })),
        );
        const seen: string[] = [];
        await stage.work({ concurrency: 2, run: async ({ key }) => void seen.push(key) }, SOON);
        await eventually('all ran', () => seen.length === keys.length);
        expect([...seen].sort()).toEqual([...keys].sort());
      });

      it('runs its job before new ones, however many come in', async () => {
        await killWhileWorking({ name: 'test.work' }, [{ key: 'left' }]);
        const seen: string[] = [];
        let isOver = false;
        const jobs = await stage.open(SOON);
        const run = async ({ key }: Order) => {
          seen.push(key);
          // There is never a moment without new work.
          if (!isOver)
            for (const next of ['x', 'y']) await jobs.enqueue('test.work', { key: `${next} ${seen.length}` });
        };
        await jobs.work([{ name: 'test.work', concurrency: 1, run }]);
        await jobs.enqueue('test.work', { key: 'first' });
        await eventually('it was taken over', () => seen.includes('left'));
        isOver = true;
      });

      it('runs a job with a schedule again at once, not at its next time', async () => {
        await killWhileWorking({ name: 'test.work', schedule: '1 hour' }, []);
        let runs = 0;
        const run = async () => {
          runs += 1;
        };
        await stage.work({ schedule: '1 hour', run }, SOON);
        await eventually('it ran', () => runs > 0);
        expect(runs).toBe(1);
      });

      it('gives a job up that kills worker after worker', async () => {
        for (let round = 0; round < 3; round += 1) {
          await killWhileWorking({ name: 'test.work', maxRetries: 2 }, round === 0 ? [{ key: 'deadly' }] : []);
        }
        let runs = 0;
        const run = async () => {
          runs += 1;
        };
        const jobs = await stage.work({ maxRetries: 2, run }, SOON);
        await eventually('it was given up', async () => (await jobs.deadLetters()).length > 0);
        expect([runs, await jobs.deadLetters()]).toMatchObject([0, [{ attempts: 3, data: { key: 'deadly' } }]]);
        await eventually('an alert is raised', () => stage.alerts.length > 0);
        expect(stage.alerts).toMatchObject([{ category: 'job', key: 'test.work' }]);
      });

      it('leaves the one that took over alone, when it was not dead at all', async () => {
        const [stalled, living] = [gate(), gate()];
        const seen: string[] = [];
        const signals: AbortSignal[] = [];
        const transport = await openCuttableTransport(stage.address.mongodbUrl ?? stage.address.databaseUrl);
        // It cannot reach its store for longer than its lock lives.
        const urls = stage.address.mongodbUrl ? { mongodbUrl: transport.url } : { databaseUrl: transport.url };
        const first = await stage.openAlone({ ...SOON, ...urls });
        await first.work([
          {
            name: 'test.work',
            run: async (_order: Order, { signal }: JobRun) => {
              seen.push('first began');
              signals.push(signal);
              await stalled.opened;
            },
          },
        ]);
        await first.enqueue('test.work', { key: 'a' });
        await eventually('it was begun', () => seen.length === 1);
        transport.cut();
        const second = await stage.work(
          {
            run: async () => {
              seen.push('second began');
              await living.opened;
              seen.push('second ended');
            },
          },
          SOON,
        );
        await eventually('it was taken over', () => seen.includes('second began'));
        transport.mend();
        await eventually('the first is aborted', () => signals[0]?.aborted === true);
        stalled.open();
        await first.drain(5_000);
        await first.close();
        await transport.close();
        expect(await second.find('test.work', 'a')).toMatchObject({ state: 'running' });
        living.open();
        await eventually('the second ended', () => seen.includes('second ended'));
        await stage.caughtUp(second);
        expect(seen).toEqual(['first began', 'second began', 'second ended']);
      });
    });

    it('runs jobs of one kind while another has all it can take', async () => {
      const end = gate();
      const seen: string[] = [];
      const jobs = await stage.open();
      const kinds = ['one', 'two', 'three', 'four', 'five', 'six'].map((kind) => ({
        name: `test.full-${kind}`,
        concurrency: 5,
        run: () => end.opened,
      }));
      await jobs.work([...kinds, { name: 'test.work', run: async ({ key }: Order) => void seen.push(key) }]);
      for (const { name } of kinds) {
        for (let index = 0; index < 10; index += 1) await jobs.enqueue(name, { key: String(index) });
      }
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it ran', () => seen.includes('a'));
      await eventually('the others wait', async () => {
        const full = (await jobs.status()).find(({ name }) => name === 'test.full-one');
        return full?.running === 5 && full.waiting === 5 && full.oldestWaitingSince !== undefined;
      });
      end.open();
    });

    it('goes on by itself when its store was away', async () => {
      const { mongodbUrl, databaseUrl } = stage.address;
      const transport = await openCuttableTransport(mongodbUrl ?? databaseUrl);
      const seen: string[] = [];
      const urls = mongodbUrl ? { mongodbUrl: transport.url } : { databaseUrl: transport.url };
      const end = gate();
      const jobs = await stage.openAlone({ lockLifetimeMs: LONG_LOCK_LIFETIME_MS, ...urls });
      const run = async ({ key }: Order) => {
        seen.push(`${key} began`);
        if (key === 'long') await end.opened;
        seen.push(`${key} ended`);
      };
      await jobs.work([{ name: 'test.work', run }]);
      await jobs.enqueue('test.work', { key: 'long' });
      await eventually('it was begun', () => seen.includes('long began'));
      transport.cut();
      const other = await stage.open();
      await other.enqueue('test.work', { key: 'meanwhile' });
      transport.mend();
      await eventually('it works again', () => seen.includes('meanwhile ended'));
      end.open();
      await jobs.enqueue('test.work', { key: 'afterwards' });
      await eventually('it takes new jobs', () => seen.includes('afterwards ended'));
      await jobs.drain(5_000);
      await jobs.close();
      await transport.close();
      expect(seen.filter((line) => line.startsWith('long'))).toEqual(['long began', 'long ended']);
    });

    it('runs a job on behalf of the request that enqueued it', async () => {
      const seen: unknown[] = [];
      const jobs = await stage.work({ run: async (order) => void seen.push(order, currentRequestContext()) });
      const context = { requestId: 'request-1', organizationId: 'northwind' };
      await withRequestContext(context, () => jobs.enqueue('test.work', { key: 'a' }));
      await eventually('it ran', () => seen.length > 0);
      expect(seen).toEqual([{ key: 'a' }, context]);
      await jobs.enqueue('test.work', { key: 'b' });
      await eventually('the next ran', () => seen.length > 2);
      expect(seen[3]).toEqual({ requestId: expect.any(String) });
    });

    it('reports the outcome of each attempt, and wraps it with `around`', async () => {
      const seen: string[] = [];
      let attempts = 0;
      const jobs = await stage.work(
        {
          maxRetries: 1,
          run: async ({ number }) => {
            attempts += 1;
            if (number === 1 || attempts === 1) throw new Error('no');
          },
        },
        {
          around: async ({ name: kind, data }, run) => {
            seen.push(`${kind} ${data.key}`);
            await run();
          },
          onSettled: (kind, outcome, seconds) => void seen.push(`${kind} ${outcome} ${seconds >= 0}`),
        },
      );
      await jobs.enqueue('test.work', { key: 'a' });
      await eventually('it was done', () => seen.length === 4);
      await jobs.enqueue('test.work', { key: 'b', number: 1 });
      await eventually('it was given up', () => seen.length === 8);
      expect(seen).toEqual([
        'test.work a',
        'test.work failed true',
        'test.work a',
        'test.work done true',
        'test.work b',
        'test.work failed true',
        'test.work b',
        'test.work dead true',
      ]);
    });
  });
}
