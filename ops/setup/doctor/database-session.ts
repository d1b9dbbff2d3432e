import pg from 'pg';
import { SERVICE_TIMEOUT_MS } from './check.js';

/** Runs `work` on a connection of its own. */
export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: SERVICE_TIMEOUT_MS,
    statement_timeout: SERVICE_TIMEOUT_MS,
    query_timeout: SERVICE_TIMEOUT_MS,
    application_name: 'webmetrics doctor',
  });
  // Without a listener, a connection that is lost between two questions would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    // Not awaited: a server that hangs does not answer a farewell either.
    void client.end().catch(() => {});
  }
}
