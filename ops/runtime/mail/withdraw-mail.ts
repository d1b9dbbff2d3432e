import type { EntityManager } from 'typeorm';

/** Has mails of an organization that are not delivered yet, with keys that begin so, not sent any more. */
export async function withdrawMail(
  manager: EntityManager,
  { organizationId, keyPrefix, reason }: { organizationId: string; keyPrefix: string; reason: string },
): Promise<void> {
  await manager.query(
    `UPDATE operations.mail
     SET status = 'SUPPRESSED', reason = $3, finished_at = now(), text = '', html = NULL, unsubscribe_url = NULL
     WHERE organization_id = $1 AND starts_with(key, $2) AND status = 'QUEUED'`,
    [organizationId, keyPrefix, reason],
  );
}
