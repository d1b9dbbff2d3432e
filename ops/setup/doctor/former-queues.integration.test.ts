import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { openTestServices, testService } from '#ops/testing/test-services.js';
import { parseConfig } from '#runtime/config/config.js';
import { type Jobs, openJobs } from '#runtime/jobs/jobs.js';
import { recordQueue } from '#runtime/jobs/queue-address.js';
import { createLogger } from '#runtime/log/logger.js';
import type { Services } from '#runtime/services.js';
import type { CheckContext } from './check.js';
import { formerQueues } from './checks/former-queues.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const mongodb = testService('MONGODB');

let services: Services | undefined;
let former: Jobs | undefined;
afterEach(async () => {
  await former?.close();
  former = undefined;
  await services?.lifecycle.close();
});

async function messages(databaseUrl: string, mongodbUrl?: string): Promise<string[]> {
  const config = parseConfig({ DATABASE_URL: databaseUrl, ...(mongodbUrl && { MONGODB_URL: mongodbUrl }) });
  const findings = await formerQueues.run({ config, databaseUrl } as CheckContext);
  return findings.map(({ level, message }) => `${level}: ${message}`);
}

const newMongoUrl = (user = '') => {
  const url = new URL(mongodb as string);
  return `mongodb://${user}${url.host}/test_${randomUUID().replaceAll('-', '')}`;
};

(mongodb ? it : it.skip)('doctor names what is left in the queues of before (needs MongoDB or FerretDB)', async () => {
  services = await openTestServices();
  const { databaseUrl, operations, jobs } = services;
  expect(await messages(databaseUrl)).toEqual([]);
  const mongodbUrl = newMongoUrl();
  expect(await messages(databaseUrl, mongodbUrl)).toEqual([]);

  await jobs.enqueue('test.mail', { key: 'a' });
  await jobs.enqueue('test.report', { key: 'a' });
  await jobs.enqueue('test.report', { key: 'b' });
  expect(await messages(databaseUrl, mongodbUrl)).toEqual([
    expect.stringMatching(
      /^warning: Jobs are left in the queue of before, PostgreSQL, last used by a start at \d.*: test\.mail 1, test\.report 2$/,
    ),
  ]);
  expect(await messages(databaseUrl)).toEqual([]);

  await recordQueue(operations, { mongodbUrl, now: new Date() });
  former = await openJobs({ databaseUrl, mongodbUrl, logger, lockLifetimeMs: 2_000, writeTimeoutMs: 600_000 });
  await former.enqueue('test.mail', { key: 'c' });
  expect(await messages(databaseUrl)).toEqual([expect.stringContaining(`${mongodbUrl}, last used`)]);
});

it('doctor names a queue of before that it cannot look at, without its password', async () => {
  services = await openTestServices();
  const { databaseUrl, operations } = services;
  await recordQueue(operations, {
    mongodbUrl: 'mongodb://emil:hush@127.0.0.1:1,other:1/jobs?tls=true',
    now: new Date(),
  });
  const [finding = ''] = await messages(databaseUrl);
  expect(finding).toMatch(/^warning: The queue of before, mongodb:\/\/127\.0\.0\.1:1\/jobs, .*cannot be looked at/);
  expect(finding).not.toContain('hush');
});
