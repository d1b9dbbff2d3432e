import type { Collection } from 'mongodb';
import { Conflict } from '#runtime/errors.js';
import type { RowBatch } from './format/row-text.js';

/** Agenda's collection in MongoDB. */
export const QUEUE_COLLECTION = 'agendaJobs';

const BATCH_DOCUMENTS = 500;
const CONNECT_TIMEOUT_MS = 10_000;

export interface QueueStore {
  collection: Collection;
  close(): Promise<void>;
}

/** Opens the job queue in MongoDB. */
export async function openQueueStore(mongodbUrl: string): Promise<QueueStore> {
  // Loaded where the queue is in MongoDB only, for the start-up time and memory it takes.
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(mongodbUrl, {
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    appName: 'webmetrics backup',
  });
  await client.connect();
  return { collection: client.db().collection(QUEUE_COLLECTION), close: () => client.close() };
}

/** Yields the jobs in batches, by id, as canonical EJSON, which keeps every type. */
export async function* readQueue({ collection }: QueueStore): AsyncGenerator<RowBatch> {
  const { BSON } = await import('mongodb');
  const cursor = collection.find({}, { sort: { _id: 1 }, promoteValues: false, batchSize: BATCH_DOCUMENTS });
  let lines: string[] = [];
  for await (const document of cursor) {
    lines.push(`${BSON.EJSON.stringify(document, { relaxed: false })}\n`);
    if (lines.length < BATCH_DOCUMENTS) continue;
    yield { text: lines.join(''), rows: lines.length };
    lines = [];
  }
  if (lines.length > 0) yield { text: lines.join(''), rows: lines.length };
}

/** Inserts documents, one per line. */
export async function insertQueueDocuments({ collection }: QueueStore, lines: string[]): Promise<void> {
  const { BSON } = await import('mongodb');
  const documents = lines.map((text) => BSON.EJSON.parse(text, { relaxed: false }) as object);
  for (let start = 0; start < documents.length; start += BATCH_DOCUMENTS) {
    await collection.insertMany(documents.slice(start, start + BATCH_DOCUMENTS), { ordered: true });
  }
}

/** Throws Conflict when the queue has jobs. */
export async function requireEmptyQueue({ collection }: QueueStore): Promise<void> {
  const jobs = await collection.countDocuments({}, { limit: 1 });
  if (jobs === 0) return;
  throw new Conflict(
    `The collection "${collection.collectionName}" of the MongoDB database "${collection.dbName}" already has jobs: a backup ` +
      'is never restored over anything. Name an empty database in MONGODB_URL, or unset it to restore without the queue.',
  );
}
