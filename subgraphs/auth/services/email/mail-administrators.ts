import { type EntityManager, In } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { type MailContent, renderMail } from '#runtime/mail/render-mail.js';

/** What every administrator of an organization is told. */
export interface AdministratorMail extends MailContent {
  /** What it is about, such as `api-key-expires`. */
  kind: string;
  /** Names the cause within the kind: told twice, each gets one mail. */
  key: string;
}

/** Queues a mail to every owner and administrator of an organization, in the transaction of its cause. */
export async function mailAdministrators(
  manager: EntityManager,
  organizationId: string,
  { kind, key, ...content }: AdministratorMail,
): Promise<void> {
  const administrators = await manager.findBy(MembershipEntity, { organizationId, role: In(['OWNER', 'ADMIN']) });
  const people = await manager.findBy(PersonEntity, { id: In(administrators.map(({ personId }) => personId)) });
  const rendered = renderMail(content);
  for (const { id, email } of people) {
    await queueMail(manager, { ...rendered, recipient: email, kind, organizationId, key: `${kind}:${key}:${id}` });
  }
}
