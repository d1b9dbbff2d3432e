import type { EntityManager } from 'typeorm';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { RenderedMail } from '#runtime/mail/render-mail.js';

/** Queues a mail to every member of an organization, in the transaction of its cause. */
export async function tellMembers(
  manager: EntityManager,
  organizationId: string,
  kind: string,
  mail: RenderedMail,
): Promise<void> {
  const members = await manager.query<{ email: string }[]>(
    `SELECT p.email FROM auth.membership AS m JOIN auth.person AS p ON p.id = m.person_id
     WHERE m.organization_id = $1 ORDER BY p.id`,
    [organizationId],
  );
  for (const { email } of members) await queueMail(manager, { ...mail, recipient: email, kind, organizationId });
}
