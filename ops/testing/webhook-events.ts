import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Keeps the events of an organization from now on, for an endpoint to which nothing is sent. Returns how to read them. */
export async function keepWebhookEvents(
  database: SqlDatabase,
  organizationId: string | undefined,
): Promise<() => Promise<{ type: string; data: Record<string, unknown> }[]>> {
  await database.query(
    `INSERT INTO operations.webhook_endpoint (organization_id, url, sealed_secret, disabled_reason, disabled_at)
     VALUES ($1, 'https://hooks.example/', '', 'BY_USER', now())`,
    [organizationId],
  );
  return async () => {
    const events = await database.query<{ body: string }[]>(
      'SELECT body FROM operations.webhook_event WHERE organization_id = $1 ORDER BY sequence',
      [organizationId],
    );
    return events.map(({ body }) => {
      const { type, data } = JSON.parse(body);
      return { type, data };
    });
  };
}
