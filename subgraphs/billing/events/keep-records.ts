import type { DataSource } from 'typeorm';
import type { Services } from '#runtime/services.js';

/** How long settled events are kept, to be looked at. */
const EVENT_DAYS = 30;
/** Tax law asks for ten years from the end of the year: § 147 AO, and like it elsewhere. */
const RECORD_YEARS = 10;

/**
 * Takes invoices and payments out of an organization that is erased: the accounts of who sold keep them, without the links,
 * card and words by which a person would be found. Deletes its events. Can be repeated.
 */
export async function keepRecords(
  { database, services }: { database: DataSource; services: Pick<Services, 'now'> },
  { organizationId }: { organizationId: string },
): Promise<void> {
  const keptUntil = `${services.now().getUTCFullYear() + RECORD_YEARS}-12-31`;
  await database.transaction(async (manager) => {
    await manager.query(
      `DELETE FROM billing.stripe_event AS e USING billing.subscription AS s
       WHERE s.organization_id = $1 AND (e.customer_id = s.customer_id OR e.customer_id = ANY (s.former_customer_ids))`,
      [organizationId],
    );
    const values = [organizationId, keptUntil];
    // A draft was never sent.
    await manager.query(`DELETE FROM billing.invoice WHERE organization_id = $1 AND status = 'draft'`, [
      organizationId,
    ]);
    await manager.query(
      `UPDATE billing.invoice SET organization_id = NULL, kept_until = $2::date, hosted_url = NULL, pdf_url = NULL
       WHERE organization_id = $1`,
      values,
    );
    await manager.query(
      `UPDATE billing.payment SET organization_id = NULL, kept_until = $2::date, receipt_url = NULL, card_brand = NULL,
         card_last4 = NULL
       WHERE organization_id = $1`,
      values,
    );
  });
}

/** Deletes settled events after 30 days, what was used beyond plans after 25 months, and kept invoices and payments after their years. */
export async function deleteExpired({
  database,
  services,
}: {
  database: DataSource;
  services: Pick<Services, 'now'>;
}): Promise<void> {
  const now = services.now();
  const before = new Date(now.getTime() - EVENT_DAYS * 24 * 60 * 60 * 1000);
  await database.query(`DELETE FROM billing.stripe_event WHERE state <> 'RECEIVED' AND received_at < $1`, [before]);
  await database.query("DELETE FROM billing.meter_event WHERE ordered_at < $1::timestamptz - interval '25 months'", [
    now,
  ]);
  await database.query('DELETE FROM billing.payment WHERE kept_until < $1::date', [now]);
  await database.query('DELETE FROM billing.invoice WHERE kept_until < $1::date', [now]);
}
