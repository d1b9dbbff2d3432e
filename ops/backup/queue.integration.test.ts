import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BSON, MongoClient } from 'mongodb';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { rewriteConsistently } from '#ops/testing/small-backup.js';
import { newDatabase, openTestServices, testService } from '#ops/testing/test-services.js';
import type { Services } from '#runtime/services.js';
import { backUp } from './back-up.js';
import { restore } from './restore.js';

const mongodb = testService('MONGODB');
const describeWithMongo = mongodb ? describe : describe.skip;

function newQueueUrl(): string {
  const url = new URL(mongodb as string);
  url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
  return url.href;
}

describeWithMongo('the backup of a job queue in MongoDB', () => {
  let services: Services;
  let clients: MongoClient[];
  let file: string;
  const collectionAt = async (url: string) => {
    const client = await new MongoClient(url).connect();
    clients.push(client);
    return client.db().collection('agendaJobs');
  };
  const documentsAt = async (url: string) =>
    (await (await collectionAt(url)).find({}, { sort: { _id: 1 }, promoteValues: false }).toArray()).map((document) =>
      BSON.EJSON.stringify(document, { relaxed: false }),
    );
  const order = (databaseUrl: string, mongodbUrl: string | undefined) => ({
    backup: { file },
    databaseUrl,
    config: { ...services.config, mongodbUrl },
    isDryRun: false,
  });

  beforeEach(async () => {
    clients = [];
    const url = newQueueUrl();
    services = await openTestServices({ environment: { MONGODB_URL: url } });
    for (const number of [1, 2, 3]) {
      // A job that is not taken in time may be there all the same, and is added once.
      const isTaken = () => succeeds(services.jobs.enqueue('test.work', { key: String(number), number, when: '2026' }));
      await eventually('the queue takes a job', isTaken);
    }
    const jobs = await collectionAt(url);
    await jobs.insertOne({
      name: 'types',
      data: { long: new BSON.Long(2n ** 53n + 1n), double: new BSON.Double(1), at: new Date(0) },
    });
    const made = await backUp({ databaseUrl: services.databaseUrl, config: services.config });
    file = made.locations[0] as string;
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    await services.lifecycle.close();
  });

  it('holds every job as it was, and puts them into an empty queue', async () => {
    const into = newQueueUrl();
    const outcome = await restore(order(await newDatabase(), into));
    expect(outcome).toMatchObject({ queuedJobs: 4, jobsLeftOut: 0 });
    const before = await documentsAt(services.config.mongodbUrl as string);
    expect(before).toHaveLength(4);
    expect(await documentsAt(into)).toEqual(before);
  });

  it('is not restored into a queue with jobs', async () => {
    const target = await newDatabase();
    const attempt = restore(order(target, services.config.mongodbUrl));
    await expect(attempt).rejects.toThrow(/"agendaJobs" .* already has jobs: .* unset it to restore without the queue/);
    expect(await documentsAt(services.config.mongodbUrl as string)).toHaveLength(4);
    // Nothing was begun in the database either.
    expect(await restore(order(target, undefined))).toMatchObject({ jobsLeftOut: 4 });
  });

  it('leaves the queue empty when the database cannot be restored', async () => {
    rewriteConsistently(file, (lines) => [...lines.slice(0, -1), '["define","SELECT 1 / 0"]\n', ...lines.slice(-1)]);
    const into = newQueueUrl();
    await expect(restore(order(await newDatabase(), into))).rejects.toThrow('division by zero');
    expect(await documentsAt(into)).toEqual([]);
  });
});
