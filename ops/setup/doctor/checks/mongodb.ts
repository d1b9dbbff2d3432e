import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { type Check, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem, warning } from '#ops/setup/doctor/finding.js';
import { withFirstHost } from '#runtime/config/variables.js';
import { reasonOf } from '#runtime/log/reason-of.js';

async function tryRights(database: Db): Promise<Finding> {
  const probe = database.collection<{ _id: string; step: number }>(`webmetrics_doctor_${randomUUID()}`);
  try {
    await probe.insertOne({ _id: 'probe', step: 1 });
    await probe.updateOne({ _id: 'probe' }, { $set: { step: 2 } });
    await probe.createIndex({ step: 1 });
    await probe.deleteOne({ _id: 'probe' });
    return ok('May insert, update, delete, and create indexes');
  } catch (error) {
    const advice = 'Give the user of MONGODB_URL the role readWrite on this database.';
    return problem(`May not do what the job queue does (${reasonOf(error)})`, advice);
  } finally {
    await probe.drop().catch(() => {});
  }
}

async function look(client: MongoClient, url: string): Promise<Finding[]> {
  await client.connect();
  const database = client.db();
  const build = await database.command({ buildInfo: 1 });
  const findings = [
    ok(`MongoDB ${build.version} at ${new URL(withFirstHost(url)).host}, database ${database.databaseName}`),
  ];
  if (new URL(withFirstHost(url)).pathname.length <= 1) {
    const advice = 'Put a name behind the host in MONGODB_URL, as in mongodb://host:27017/webmetrics.';
    findings.push(warning(`No database is named, so it is ${database.databaseName}`, advice));
  }
  return [...findings, await tryRights(database)];
}

/** Checks MongoDB, if the job queue is there. */
export const mongodb: Check = {
  name: 'MongoDB',
  run: async ({ config: { mongodbUrl } }) => {
    if (!mongodbUrl) return [ok('Not used: the job queue is in PostgreSQL')];
    const times = {
      serverSelectionTimeoutMS: serviceTimeoutMs(),
      connectTimeoutMS: serviceTimeoutMs(),
      socketTimeoutMS: serviceTimeoutMs(),
    };
    try {
      const client = new MongoClient(mongodbUrl, { ...times, appName: 'webmetrics doctor' });
      try {
        return await look(client, mongodbUrl);
      } finally {
        void client.close().catch(() => {});
      }
    } catch (error) {
      const advice = /auth/i.test(reasonOf(error))
        ? 'Correct the user, the password or authSource in MONGODB_URL.'
        : 'Start MongoDB there, or correct MONGODB_URL.';
      return [problem(`${new URL(withFirstHost(mongodbUrl)).host} cannot be used (${reasonOf(error)})`, advice)];
    }
  },
};
