import type { EntityManager } from 'typeorm';

/** Serializes changes of an organization's connections and accounts within the transaction. */
export async function lockOrganization(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('integrations ' || $1, 0))", [organizationId]);
}

/**
 * Assigns each account to the oldest working connection that opens it. One that none opens is kept without access, and
 * not listed.
 */
export async function assignAccounts(manager: EntityManager, organizationId: string): Promise<void> {
  await manager.query(
    `
      UPDATE integrations.account
      SET connection_id = coalesce(best.connection_id, account.connection_id), access = best.access
      FROM integrations.account AS same
      LEFT JOIN LATERAL (
        SELECT opened.connection_id, opened.access
        FROM integrations.account_access AS opened
        JOIN integrations.connection ON connection.organization_id = opened.organization_id
          AND connection.id = opened.connection_id
        WHERE opened.organization_id = same.organization_id AND opened.account_id = same.id
        ORDER BY connection.status = 'ACTIVE' DESC, connection.created_at, connection.id
        LIMIT 1
      ) AS best ON true
      WHERE same.organization_id = $1 AND account.organization_id = $1 AND same.id = account.id
        AND (account.access, account.connection_id)
          IS DISTINCT FROM (best.access, coalesce(best.connection_id, account.connection_id))
    `,
    [organizationId],
  );
}
