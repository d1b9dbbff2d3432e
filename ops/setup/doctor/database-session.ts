import pg from 'pg';

const CONNECT_MS = 3_000;
const STATEMENT_MS = 3_000;

/** Runs `work` on a connection of its own. */
export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS,
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
