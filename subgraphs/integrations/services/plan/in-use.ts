import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

const IN_USE = {
  CONNECTIONS: "FROM integrations.connection WHERE organization_id = $1 AND status <> 'DISCONNECTED'",
  ACCOUNTS: 'FROM integrations.account WHERE organization_id = $1 AND access IS NOT NULL',
  CLIENTS: 'FROM integrations.client WHERE organization_id = $1 AND archived_at IS NULL',
} as const;

/** The limits of plans that bound what this subgraph has. */
export type OwnLimit = keyof typeof IN_USE;

interface Which {
  organizationId: string;
  limit: OwnLimit;
}

/** Counts what a limit bounds: connections that are not disconnected, listed accounts, clients that are not archived. */
export async function countInUse(database: SqlDatabase, { organizationId, limit }: Which): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(`SELECT count(*)::int AS count ${IN_USE[limit]}`, [
    organizationId,
  ]);
  return row?.count ?? 0;
}

/** Returns the ids of what a limit bounds, the oldest first; accounts of `lastConnections` after all others. */
export async function listInUse(
  database: SqlDatabase,
  { organizationId, limit, lastConnections = [] }: Which & { lastConnections?: string[] },
): Promise<string[]> {
  const order = lastConnections.length > 0 ? 'connection_id = ANY ($2::uuid[]), created_at, id' : 'created_at, id';
  const values = lastConnections.length > 0 ? [organizationId, lastConnections] : [organizationId];
  const rows = await database.query<{ id: string }[]>(`SELECT id ${IN_USE[limit]} ORDER BY ${order}`, values);
  return rows.map(({ id }) => id);
}
