import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeJobs } from '../testing/describe-jobs.js';
import { newDatabase, testService } from '../testing/test-runtime.js';
import { openJobs } from './jobs.js';
import { createLogger } from './logger.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');

describeJobs('PostgreSQL', async () => {
  const databaseUrl = await newDatabase();
  return (lockLifetimeMs) => openJobs({ databaseUrl, logger, lockLifetimeMs });
});

if (mongodb) {
  describeJobs('MongoDB', async () => {
    const url = new URL(mongodb);
    url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
    return (lockLifetimeMs) => openJobs({ databaseUrl: '', mongodbUrl: url.href, logger, lockLifetimeMs });
  });
}

describe('the job queue in PostgreSQL', () => {
  it('keeps how much of a job is done where others can read it, while it goes on', async () => {
    const databaseUrl = await newDatabase();
    const jobs = await openJobs({ databaseUrl, logger, lockLifetimeMs: 30 });
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const readProgress = async () =>
      (await client.query<{ progress: number | null }>('SELECT progress FROM jobs.agenda_jobs')).rows[0]?.progress;
    const progress: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      const run = async (_data: unknown, { reportProgress }: { reportProgress(percent: number): Promise<void> }) => {
        await reportProgress(40);
        progress.push(await readProgress());
        // Longer than a third of the lock's life: by then it was renewed.
        for (let round = 0; round < 5; round += 1) await new Promise((wake) => setTimeout(wake, 10));
        progress.push(await readProgress());
        resolve();
      };
      void jobs.work([{ name: 'test.progress', run }]).then(() => jobs.enqueue('test.progress', { key: 'a' }));
    });
    await done;
    await jobs.drain(10_000);
    await jobs.close();
    await client.end();
    expect(progress).toEqual([40, 40]);
  });

  it('says so when there is no database', async () => {
    await expect(openJobs({ databaseUrl: 'postgres://127.0.0.1:1/none', logger })).rejects.toThrow();
  });
});
