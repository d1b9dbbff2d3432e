import { randomUUID } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { describeJobFaults } from '#ops/testing/describe-job-faults.js';
import { newDatabase, testService } from '#ops/testing/test-services.js';

const mongodb = testService('MONGODB');

describeJobFaults('PostgreSQL', async () => ({ databaseUrl: await newDatabase() }));

if (mongodb) {
  describeJobFaults('MongoDB', async () => {
    const url = new URL(mongodb);
    url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
    return { databaseUrl: await newDatabase(), mongodbUrl: url.href };
  });
} else {
  describe.skip('jobs in MongoDB', () => {
    it('survive faults', () => {});
  });
}
