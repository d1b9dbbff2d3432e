import pg from 'pg';
import { SERVICE_TIMEOUT_MS } from './check.js';

/** Runs `work` on a connection. */
export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: SERVICE_TIMEOUT_MS,
    statement_timeout: SERVICE_TIMEOUT_MS,
    query_timeout: SERVICE_TIMEOUT_MS,
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
