import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { describeJobFaults } from '../../testing/describe-job-faults.js';
import { describeJobs } from '../../testing/describe-jobs.js';
import type { QueueAddress } from '../../testing/job-stage.js';
import { newDatabase, testService } from '../../testing/test-runtime.js';
import { createLogger } from '../logger.js';
import { openJobs } from './jobs.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');

const inPostgres = async (): Promise<QueueAddress> => ({ databaseUrl: await newDatabase() });

describeJobs('PostgreSQL', inPostgres);
describeJobFaults('PostgreSQL', inPostgres);

if (mongodb) {
  const inMongo = async (): Promise<QueueAddress> => {
    const url = new URL(mongodb);
    url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
    return { databaseUrl: await newDatabase(), mongodbUrl: url.href };
  };
  describeJobs('MongoDB', inMongo);
  describeJobFaults('MongoDB', inMongo);
}

describe('the job queue', () => {
  it('says so when there is no database', async () => {
    await expect(openJobs({ databaseUrl: 'postgres://127.0.0.1:1/none', logger })).rejects.toThrow();
  });
});
