import type { EntityManager } from 'typeorm';
import type { Invitation } from '#auth/entities/invitation.js';
import type { Organization } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { invitationMail } from '#auth/mails/invitation-mail.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

/** Queues the mail with the link of an invitation, in the transaction that makes or renews it. */
export async function sendInvitation(
  services: Services,
  manager: EntityManager,
  {
    invitation,
    organization,
    userId,
    token,
  }: {
    invitation: Invitation;
    organization: Organization;
    /** Who invites. */
    userId: string;
    token: string;
  },
): Promise<void> {
  const { name } = await manager.findOneByOrFail(PersonEntity, { id: userId });
  const url = accountLink(services, 'accept-invitation', token);
  const { email, role } = invitation;
  const mail = invitationMail({ organizationName: organization.name, inviterName: name, role, url });
  await queueMail(manager, { ...mail, recipient: email, kind: 'invitation', organizationId: organization.id });
}
