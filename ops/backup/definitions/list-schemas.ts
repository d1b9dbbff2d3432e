import type pg from 'pg';

/** Returns every schema of the database that is not PostgreSQL's own. `public` counts once something is in it. */
export async function listSchemas(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT nspname AS name FROM pg_namespace AS n
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      AND (nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)
        OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = n.oid))
    ORDER BY nspname COLLATE "C"`);
  return rows.map(({ name }) => name);
}
