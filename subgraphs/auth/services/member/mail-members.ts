import { In } from 'typeorm';
import type { TransactionContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { type MailContent, type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

export interface AdministratorMail extends MailContent {
  organizationId: string;
  /** What it is about, such as `api-key-expires`. */
  kind: string;
  /** Each administrator gets one mail per kind and key. */
  key: string;
}

/** Queues a mail to every owner and administrator. */
export async function mailAdministrators(
  { manager }: TransactionContext,
  { organizationId, kind, key, ...content }: AdministratorMail,
): Promise<void> {
  const administrators = await manager.findBy(MembershipEntity, { organizationId, role: In(['OWNER', 'ADMIN']) });
  const people = await manager.findBy(PersonEntity, { id: In(administrators.map(({ personId }) => personId)) });
  const rendered = renderMail(content);
  for (const { id, email } of people) {
    await queueMail(manager, { ...rendered, recipient: email, kind, organizationId, key: `${kind}:${key}:${id}` });
  }
}

/** Queues a mail to every member. */
export async function mailMembers(
  { manager }: TransactionContext,
  { organizationId, kind, mail }: { organizationId: string; kind: string; mail: RenderedMail },
): Promise<void> {
  const members = await manager.query<{ email: string }[]>(
    `SELECT p.email FROM auth.membership AS m JOIN auth.person AS p ON p.id = m.person_id
     WHERE m.organization_id = $1 ORDER BY p.id`,
    [organizationId],
  );
  for (const { email } of members) await queueMail(manager, { ...mail, recipient: email, kind, organizationId });
}
