import { prepared } from '#runtime/database/prepared-statements.js';
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

/** Returns the ids of what a limit bounds, the oldest first. */
export async function listInUse(database: SqlDatabase, { organizationId, limit }: Which): Promise<string[]> {
  const text = `SELECT id ${IN_USE[limit]} ORDER BY created_at, id`;
  const rows = await database.query<{ id: string }[]>(text, [organizationId]);
  return rows.map(({ id }) => id);
}

const CONNECTIONS_AND_ACCOUNTS = prepared(`
  SELECT id, NULL AS "connectionId", created_at ${IN_USE.CONNECTIONS}
  UNION ALL SELECT id, connection_id, created_at ${IN_USE.ACCOUNTS}
  ORDER BY created_at, id`);

interface InUse {
  /** The ids, the oldest first. */
  connections: string[];
  /** The oldest first. */
  accounts: { id: string; connectionId: string }[];
}

/** Returns both at once: whether an account is asked about is decided by both. */
export async function listConnectionsAndAccounts(
  database: SqlDatabase,
  { organizationId }: { organizationId: string },
): Promise<InUse> {
  const rows = await database.query<{ id: string; connectionId: string | null }[]>(CONNECTIONS_AND_ACCOUNTS, [
    organizationId,
  ]);
  const connections = rows.filter(({ connectionId }) => connectionId === null).map(({ id }) => id);
  const accounts = rows.flatMap(({ id, connectionId }) => (connectionId === null ? [] : { id, connectionId }));
  return { connections, accounts };
}
