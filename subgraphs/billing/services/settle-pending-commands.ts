import { isStripeAway } from '#billing/stripe/ask-stripe.js';
import { LOST_AFTER_MS } from '#billing/sync/pending-commands.js';
import { type SyncContext, syncCustomer } from '#billing/sync/sync-customer.js';

const MAX_ORGANIZATIONS = 100;

/**
 * Reads from Stripe what has become of commands whose answers were lost for a minute; each reading settles those of its customer. Throws
 * AggregateError where that failed; while Stripe is away they wait.
 */
export async function settlePendingCommands(context: SyncContext): Promise<void> {
  const { database, services } = context;
  const before = new Date(services.now().getTime() - LOST_AFTER_MS);
  const rows = await database.query<{ organizationId: string }[]>(
    `SELECT organization_id AS "organizationId" FROM billing.pending_command WHERE begun_at <= $1
     GROUP BY organization_id ORDER BY min(begun_at) LIMIT ${MAX_ORGANIZATIONS}`,
    [before],
  );
  const failures: unknown[] = [];
  for (const { organizationId } of rows) {
    const isRead = await syncCustomer(context, { organizationId }).catch((error) => {
      if (!isStripeAway(error)) failures.push(error);
    });
    // Its customer is gone: nothing can take effect any more.
    if (isRead === null)
      await database.query('DELETE FROM billing.pending_command WHERE organization_id = $1', [organizationId]);
  }
  if (failures.length > 0) throw new AggregateError(failures, 'What has become of some commands could not be read');
}
