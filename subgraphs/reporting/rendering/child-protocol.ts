import { once } from 'node:events';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { ChunkedDataset } from '#reporting/dataset/chunked-dataset.js';
import { copyChunks } from '#reporting/dataset/copy-chunks.js';
import type { Dataset, Manifest } from '#reporting/dataset/dataset.js';
import { copyOut } from '#runtime/database/copy-out.js';
import type { Format, Presentation } from './renderer.js';

/** What a process that renders gets: one line of JSON. It reads the rows itself. */
export interface ChildTask {
  format: Format;
  presentation: Presentation;
  manifest: Manifest;
  /** Of the report, which stored the rows. */
  attempt: number;
  /** Of PostgreSQL, with credentials: sent over a socket, never as an argument or in the environment, which others can read. */
  databaseUrl: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** How a process that renders ended, as its exit code says: a failure of which its caller tells the client more than that it failed. */
export const ENDINGS = { deleted: 64, databaseAway: 65 } as const;

/** Returns a task as it is sent. */
export function encodeTask({ presentation, ...task }: ChildTask): Buffer {
  const { logo } = presentation.branding;
  const encoded = logo && { ...logo, png: Buffer.from(logo.png).toString('base64') };
  const sent = { ...task, presentation: { ...presentation, branding: { ...presentation.branding, logo: encoded } } };
  return Buffer.from(`${JSON.stringify(sent)}\n`);
}

/** Reads a task. Leaves the input open; throws when it ends before. */
export async function readTask(input: Readable): Promise<ChildTask> {
  const pieces: Buffer[] = [];
  const isComplete = () => pieces.at(-1)?.at(-1) === 10;
  const ended = once(input, 'end');
  while (!isComplete()) {
    const piece: Buffer | null = input.read();
    if (piece) pieces.push(piece);
    else if (input.readableEnded) throw new Error('The task broke off.');
    else await Promise.race([once(input, 'readable'), ended]);
  }
  const task = JSON.parse(Buffer.concat(pieces).toString()) as ChildTask;
  const { logo } = task.presentation.branding;
  if (logo) logo.png = Buffer.from(logo.png as unknown as string, 'base64');
  return task;
}

/** Returns the dataset of a task, read over a connection of its own until `close`. */
export async function openTaskDataset({
  databaseUrl,
  ...stored
}: ChildTask): Promise<{ dataset: Dataset; close(): Promise<void> }> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'webmetrics report file',
  });
  // A lost connection fails the reads that follow; without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  const copy = (statement: string) => copyOut(client, statement);
  return { dataset: new ChunkedDataset(stored, (place) => copyChunks(copy, place)), close: () => client.end() };
}
