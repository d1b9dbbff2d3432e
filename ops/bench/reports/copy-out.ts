import pg from 'pg';
import type { ServiceContext } from '#reporting/context.js';
import { CsvParser } from '#reporting/dataset/csv-text.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';

/** The message with which PostgreSQL says that it is ready for the next query. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Fills a plain table with the fields of the CSV file of a report, a row each. */
export async function fillPlainTable({ database }: ServiceContext, dataset: StoredDataset): Promise<void> {
  const { header } = dataset.layout;
  await database.query('DROP TABLE IF EXISTS reporting.plain_row');
  await database.query(`CREATE TABLE reporting.plain_row (${header.map((name) => `"${name}" text`).join(', ')})`);
  const arrays = header.map((_, index) => `$${index + 1}::text[]`).join(', ');
  for (const { id } of dataset.manifest.sections) {
    const parser = new CsvParser();
    const decoder = new TextDecoder();
    for await (const piece of dataset.lines(id)) {
      const records = parser.push(decoder.decode(piece, { stream: true }));
      const columns = header.map((_, index) => records.map((fields) => fields[index] || null));
      await database.query(`INSERT INTO reporting.plain_row SELECT * FROM unnest(${arrays})`, columns);
    }
  }
  await database.query('VACUUM ANALYZE reporting.plain_row');
}

/** Runs `COPY … TO STDOUT` of the plain table, and takes its bytes without looking at them. Returns the seconds it took. */
export async function copyOut(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Ended below without its protocol.
  client.on('error', () => {});
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: NodeJS.ReadWriteStream } }).connection;
  stream.removeAllListeners('data');
  const sql = Buffer.from('COPY reporting.plain_row TO STDOUT (FORMAT csv)\0');
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(sql.length + 4, 1);
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    stream.on('data', (piece: Buffer) => {
      if (piece.subarray(-READY.length).equals(READY)) resolve();
    });
    stream.write(Buffer.concat([head, sql]));
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  stream.end();
  return seconds;
}
