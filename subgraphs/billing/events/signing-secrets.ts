import type { Context } from '#billing/context.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';

/** The secrets of endpoints that were registered at the simulator. */
export const sealedWebhookSecrets: SealedColumn = {
  table: 'billing.webhook_endpoint',
  column: 'secret',
  isPersonal: true,
  associatedDataOf: ({ id }) => `stripe webhook endpoint ${id}`,
};

interface EndpointRow {
  id: string;
  organizationId: string;
  secret: string;
}

/** Returns the secrets that sign events: those of the settings, else of the endpoints registered at the simulator. */
export async function signingSecrets({
  database,
  services,
}: Pick<Context, 'database' | 'services'>): Promise<readonly string[]> {
  const { config, sealer } = services;
  if (config.stripe) return config.stripe.webhookSecrets;
  const rows = await database.manager.query<EndpointRow[]>(
    'SELECT id, secret FROM billing.webhook_endpoint ORDER BY payload, id',
  );
  return rows.map((row) => sealer.open(row.secret, sealedWebhookSecrets.associatedDataOf(row)));
}
