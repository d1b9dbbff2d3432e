import { createHash } from 'node:crypto';
import { MongoClient, ObjectId } from 'mongodb';
import { Conflict } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { type DeadLetter, handlerData, type JobStore, type QueuedJob, type StoredData, VANISHED } from './job-store.js';
import { keepMonitoring } from './keep-monitoring.js';
import { isDuplicate, OwnMongoRepository } from './mongo-repository.js';
import { WritableServer } from './writable-server.js';

const SERVER_TIMEOUT_MS = 10_000;
const NOTICE_MS = 3_000;
const SOCKET_TIMEOUT_MS = 20_000;
/** A heartbeat connects and asks, each within the time to notice. */
const HEARTBEAT_LIMIT_MS = 3 * NOTICE_MS;
const CLAIM_LIFE_MS = 24 * 60 * 60 * 1000;
const TRIM_EVERY_MS = 60 * 60 * 1000;

interface Document {
  _id: ObjectId;
  name: string;
  type: 'normal' | 'single';
  priority: number;
  nextRunAt: Date | null;
  lockedAt: Date | null;
  data: StoredData | null;
  progress?: number | null;
  repeatInterval?: string | null;
  lastRunAt?: Date | null;
  lastFinishedAt?: Date | null;
  lastModifiedBy?: string | null;
  failedAt?: Date | null;
  failCount?: number | null;
  failReason?: string | null;
  /** A dead letter, with an `_id` of its own. */
  isBuried?: true;
}

/** Returns an `_id` as unique key: only `_id` is unique on every server of this protocol. */
const idOf = (...parts: string[]) =>
  new ObjectId(createHash('sha256').update(parts.join('\0')).digest().subarray(0, 12));

const isAlive = ({ nextRunAt, lockedAt }: Document) => nextRunAt !== null || lockedAt !== null;
const hasFailed = ({ failedAt, lastFinishedAt }: Document) =>
  Boolean(failedAt && (!lastFinishedAt || failedAt >= lastFinishedAt));
const isBegun = ({ lastRunAt, lastFinishedAt }: Document) =>
  Boolean(lastRunAt && (!lastFinishedAt || lastRunAt > lastFinishedAt));

const NOT_ALIVE = { nextRunAt: null, lockedAt: null };
const DEAD = { ...NOT_ALIVE, failedAt: { $ne: null } };

function reclaimed(job: Document, maxAttempts: number, now: Date): Partial<Document> {
  const released = { lockedAt: null, lastModifiedBy: null };
  if (!isBegun(job)) return { ...released, nextRunAt: job.lockedAt };
  const failCount = (job.failCount ?? 0) + 1;
  const failed = { failCount, failReason: VANISHED, failedAt: now, lastFinishedAt: now };
  return { ...released, ...failed, nextRunAt: failCount < maxAttempts ? job.lockedAt : job.nextRunAt };
}

const letterOf = ({ _id, name, data, failReason, failCount, failedAt }: Document): DeadLetter => ({
  id: _id.toHexString(),
  name,
  data: handlerData(data),
  cause: failReason ?? '',
  attempts: failCount ?? 0,
  requestId: data?._job?.origin?.requestId,
  diedAt: failedAt as Date,
});

/** Opens a store in MongoDB. No step needs transactions or an atomic findAndModify (see mongo-repository.ts). */
export function mongoStore(url: string, logger: Logger, writeTimeoutMs?: number): JobStore {
  const client = new MongoClient(url, {
    appName: 'webmetrics jobs',
    serverSelectionTimeoutMS: SERVER_TIMEOUT_MS,
    // To notice within seconds a server that is back although a connection hangs; defaults: half a minute, no limit.
    connectTimeoutMS: NOTICE_MS,
    heartbeatFrequencyMS: NOTICE_MS,
    serverMonitoringMode: 'poll',
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
  });
  const stopMonitoring = keepMonitoring(client, { limitMs: HEARTBEAT_LIMIT_MS, logger });
  const server = new WritableServer(client, writeTimeoutMs);
  const db = client.db();
  const repository = new OwnMongoRepository(db);
  const jobs = db.collection<Document>('agendaJobs');

  let trimmedAt = 0;

  async function insert(job: Document): Promise<boolean> {
    try {
      await jobs.insertOne(job);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Gives a dead job its own `_id`: always the same, so that it can be interrupted. */
  async function bury(job: Document): Promise<Document> {
    if (job.isBuried) return job;
    const _id = idOf('dead', job._id.toHexString(), String(job.failedAt?.getTime()));
    const buried: Document = { ...job, _id, isBuried: true };
    await insert(buried);
    await jobs.deleteOne({ _id: job._id, ...NOT_ALIVE });
    return buried;
  }

  async function add(name: string, key: string, data: StoredData): Promise<boolean> {
    const _id = idOf('key', name, key);
    const job: Document = {
      _id,
      name,
      type: 'normal',
      priority: 0,
      nextRunAt: new Date(),
      lockedAt: null,
      data,
    };
    if (await insert(job)) return true;
    const existing = await jobs.findOne({ _id });
    if (existing && isAlive(existing)) return false;
    // Done or given up, but its worker died before it could remove or bury it.
    if (existing && hasFailed(existing)) await bury(existing);
    else await jobs.deleteOne({ _id, ...NOT_ALIVE });
    return insert(job);
  }

  return {
    kind: 'MongoDB',
    repository,
    prepare: async (connect) => {
      await client.connect();
      await connect();
    },
    add: (name, key, data) => server.write(() => add(name, key, data)),
    schedule: async (name, interval, nextRunAt, latest) => {
      const existing = await jobs.findOne({ name, type: 'single' });
      if (!existing) {
        const job = { name, type: 'single', priority: 0, nextRunAt, lockedAt: null, data: null } as const;
        // A duplicate is the same schedule.
        await insert({ ...job, _id: idOf('schedule', name), repeatInterval: interval });
      } else if (existing.repeatInterval !== interval || !isAlive(existing)) {
        await jobs.updateOne({ _id: existing._id }, { $set: { repeatInterval: interval, nextRunAt } });
      } else {
        const isTooLate = { lockedAt: null, nextRunAt: { $gt: latest } };
        await jobs.updateOne({ _id: existing._id, ...isTooLate }, { $set: { nextRunAt } });
      }
    },
    find: async (name, key) => {
      const job = await jobs.findOne({ _id: idOf('key', name, key) });
      if (!job || !isAlive(job)) return null;
      const state: QueuedJob['state'] = job.lockedAt ? 'running' : 'waiting';
      return {
        id: job._id.toHexString(),
        state,
        progress: job.progress ?? undefined,
        failures: job.failCount ?? 0,
      };
    },
    cancel: (name, key) =>
      server.write(async () => {
        const job = await jobs.findOne({ _id: idOf('key', name, key) });
        if (!job || !isAlive(job)) return undefined;
        const { deletedCount } = await jobs.deleteOne({ _id: job._id });
        return deletedCount === 1 ? job._id.toHexString() : undefined;
      }),
    remove: async (id) => void (await jobs.deleteOne({ _id: new ObjectId(id), ...NOT_ALIVE })),
    bury: async (id) => {
      const job = await jobs.findOne({ _id: new ObjectId(id), ...NOT_ALIVE });
      if (job) await bury(job);
    },
    reclaim: async ({ kinds, silentSince, now }) => {
      const attempts = new Map(kinds.map(({ name, maxAttempts }) => [name, maxAttempts]));
      const name = { $in: [...attempts.keys()] };
      const taken = [];
      for (const job of await jobs.find({ name, lockedAt: { $lte: silentSince } }).toArray()) {
        const { _id, lockedAt } = job;
        const change = reclaimed(job, attempts.get(job.name) ?? 0, now);
        const { matchedCount } = await jobs.updateOne({ _id, lockedAt }, { $set: change });
        if (matchedCount === 0) continue;
        const isDead = change.nextRunAt === null;
        if (isDead) await bury({ ...job, ...change });
        taken.push({ name: job.name, id: _id.toHexString(), attempts: change.failCount ?? job.failCount ?? 0, isDead });
      }
      for (const kind of attempts.keys()) await repository.freeClaimed(kind, silentSince);
      if (now.getTime() - trimmedAt > TRIM_EVERY_MS) {
        trimmedAt = now.getTime();
        await repository.trimClaims(new Date(trimmedAt - CLAIM_LIFE_MS));
      }
      // Done, but their worker died before it could remove them.
      const isOver = { name, type: 'normal' as const, ...NOT_ALIVE, lastFinishedAt: { $lte: silentSince } };
      for (const job of await jobs.find(isOver).toArray()) {
        if (!hasFailed(job)) await jobs.deleteOne({ _id: job._id, ...NOT_ALIVE });
      }
      return taken;
    },
    deadLetters: async (limit, name) => {
      const found = await jobs
        .find({ ...DEAD, ...(name ? { name } : {}) })
        .sort({ failedAt: -1 })
        .limit(limit)
        .toArray();
      // The id of a dead letter must not change once it was read.
      const buried = await Promise.all(found.filter(hasFailed).map(bury));
      return buried.map(letterOf);
    },
    replay: async (id) => {
      const dead = ObjectId.isValid(id) ? await jobs.findOne({ _id: new ObjectId(id), ...DEAD, isBuried: true }) : null;
      if (!dead) return undefined;
      const { _postponement, ...data } = dead.data ?? {};
      if (!(await add(dead.name, data.key ?? id, data))) {
        throw new Conflict('Another job with the same key is in the queue: wait until it is done.');
      }
      await jobs.deleteOne({ _id: dead._id, ...DEAD });
      return dead.name;
    },
    discard: async (id) => {
      if (!ObjectId.isValid(id)) return false;
      return (await jobs.deleteOne({ _id: new ObjectId(id), ...DEAD, isBuried: true })).deletedCount === 1;
    },
    discardOf: async (organizationId) => {
      const isOf = [{ 'data.organizationId': organizationId }, { 'data._job.origin.organizationId': organizationId }];
      await jobs.deleteMany({ type: 'normal', $or: isOf });
    },
    status: async (now) => {
      const names = (await repository.getDistinctJobNames()).sort();
      return Promise.all(
        names.map(async (name) => {
          const waiting = { name, lockedAt: null, nextRunAt: { $ne: null } };
          const [oldest] = await jobs.find(waiting).sort({ nextRunAt: 1 }).limit(1).toArray();
          const nextRunAt = oldest?.nextRunAt ?? undefined;
          return {
            name,
            waiting: await jobs.countDocuments(waiting),
            running: await jobs.countDocuments({ name, lockedAt: { $ne: null } }),
            dead: await jobs.countDocuments({ name, ...DEAD }),
            oldestWaitingSince: nextRunAt && nextRunAt <= now ? nextRunAt : undefined,
            nextRunAt,
          };
        }),
      );
    },
    ping: () => client.db().command({ ping: 1 }),
    close: async () => {
      stopMonitoring();
      await client.close();
    },
  };
}
