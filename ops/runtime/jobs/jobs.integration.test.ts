import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import type { Agenda } from 'agenda';
import pg from 'pg';
import { describeJobs } from '#ops/testing/describe-jobs.js';
import { eventually, gate, JobStage, type QueueAddress, SHORT_LOCK_LIFETIME_MS } from '#ops/testing/job-stage.js';
import { newDatabase, testService } from '#ops/testing/test-services.js';
import { createLogger } from '#runtime/log/logger.js';
import { heldJobsOf } from './connect-agenda.js';
import { openJobs } from './jobs.js';
import { OwnMongoRepository } from './mongo-repository.js';
import { OwnPostgresRepository } from './postgres-repository.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');

const inPostgres = async (): Promise<QueueAddress> => ({ databaseUrl: await newDatabase() });

describeJobs('PostgreSQL', inPostgres);

const inMongo = async (): Promise<QueueAddress> => {
  const url = new URL(mongodb ?? '');
  url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
  return { databaseUrl: await newDatabase(), mongodbUrl: url.href };
};

// What faults do to either is a drill.
if (mongodb) describeJobs('MongoDB', inMongo);

describe.each([
  { name: 'PostgreSQL', newQueue: inPostgres, Repository: OwnPostgresRepository },
  ...(mongodb ? [{ name: 'MongoDB', newQueue: inMongo, Repository: OwnMongoRepository }] : []),
])('the job queue in $name', ({ newQueue, Repository }) => {
  it('releases a job that is being taken when it stops', async () => {
    const stage = new JobStage(await newQueue());
    const [taken, stopping] = [gate(), gate()];
    const take = Repository.prototype.takeDueJob;
    const slow = jest.spyOn(Repository.prototype, 'takeDueJob').mockImplementation(async function (this: any, ...wish) {
      const job = await take.apply(this, wish);
      if (!job) return undefined;
      taken.open();
      await stopping.opened;
      return job;
    });
    try {
      const seen: string[] = [];
      const first = await stage.openAlone();
      await first.work([{ name: 'test.work', run: async () => void seen.push('first') }]);
      await first.enqueue('test.work', { key: 'a' });
      await taken.opened;
      const drained = first.drain(1_000);
      stopping.open();
      await drained;
      await first.close();
      await stage.work({ run: async () => void seen.push('second') });
      await eventually('another takes it', () => seen.length > 0);
      expect(seen).toEqual(['second']);
    } finally {
      slow.mockRestore();
      await stage.close();
    }
  });
});

describe('the job queue', () => {
  it('looks for jobs of all kinds in one statement, and takes only what is due', async () => {
    const stage = new JobStage(await inPostgres());
    const take = jest.spyOn(OwnPostgresRepository.prototype, 'takeDueJob');
    const query = jest.spyOn(pg.Pool.prototype, 'query');
    try {
      const jobs = await stage.open();
      await jobs.work(Array.from({ length: 30 }, (_, kind) => ({ name: `test.kind-${kind}`, run: async () => {} })));
      const looks = () => query.mock.calls.filter(([text]) => String(text).includes('AS kind (name) WHERE EXISTS'));
      await eventually('it has looked again and again', () => looks().length >= 3);
      const kinds = looks().map(([, values]) => new Set((values as unknown as [string[]])[0]).size);
      expect(Math.max(...kinds)).toBe(30);
      expect(take).not.toHaveBeenCalled();
    } finally {
      take.mockRestore();
      query.mockRestore();
      await stage.close();
    }
  });

  it('knows from Agenda which jobs are running', async () => {
    const stage = new JobStage(await inPostgres());
    const [begun, end] = [gate(), gate()];
    const run = async () => {
      begun.open();
      await end.opened;
    };
    try {
      const jobs = await stage.work({ run });
      await jobs.enqueue('test.work', { key: 'a' });
      await begun.opened;
      const { running } = heldJobsOf(jobs.agenda);
      expect(running.map(({ attrs }) => attrs.data)).toMatchObject([{ key: 'a' }]);
      const drained = jobs.drain(10_000);
      end.open();
      await drained;
      expect(running).toEqual([]);
    } finally {
      await stage.close();
    }
  });

  it.each([{}, { jobProcessor: {} }, { jobProcessor: { runningJobs: new Map() } }])(
    'refuses an Agenda whose running jobs it cannot see: %p',
    (agenda) => {
      expect(() => heldJobsOf(agenda as unknown as Agenda)).toThrow('jobProcessor.runningJobs');
    },
  );

  it('refuses to open without a database', async () => {
    await expect(openJobs({ databaseUrl: 'postgres://127.0.0.1:1/none', logger })).rejects.toThrow();
  });

  it('logs no error while the end of a job is being saved', async () => {
    const address = await inPostgres();
    const stage = new JobStage(address);
    const blocker = new pg.Client({ connectionString: address.databaseUrl });
    const complaints: unknown[] = [];
    try {
      blocker.on('error', () => {});
      await blocker.connect();
      const run = async () => {
        await blocker.query('BEGIN');
        await blocker.query("SELECT FROM jobs.agenda_jobs WHERE name = 'test.work' FOR UPDATE");
      };
      const strict = { ...logger, error: (...args: unknown[]) => void complaints.push(args) };
      const jobs = await stage.work({ run }, { logger: strict, lockLifetimeMs: SHORT_LOCK_LIFETIME_MS });
      const complaint = new Promise<Error>((resolve) => jobs.agenda.once('error', resolve));
      await jobs.enqueue('test.work', { key: 'a' });
      expect((await complaint).message).toContain('no lockedAt date found');
      await blocker.query('COMMIT');
      await eventually('the job is gone', async () => (await jobs.find('test.work', 'a')) === null);
      expect(complaints).toEqual([]);
    } finally {
      await blocker.end();
      await stage.close();
    }
  });
});
