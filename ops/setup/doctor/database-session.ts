import pg from 'pg';
import { serviceTimeoutMs } from './check.js';

/** Runs `work` on a connection. */
export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: serviceTimeoutMs(),
    statement_timeout: serviceTimeoutMs(),
    query_timeout: serviceTimeoutMs(),
    application_name: 'webmetrics doctor',
  });
  // An error event without a listener ends the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    // Not awaited: the server may hang.
    void client.end().catch(() => {});
  }
}
