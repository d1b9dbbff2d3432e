import type { TransactionContext } from '#auth/context.js';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import type { Organization } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { invitationMail } from '#auth/mails/invitation-mail.js';
import { accountLink } from '#auth/services/link/account-link.js';
import { hashToken, newToken } from '#auth/services/link/token.js';
import { INVITATION, requireQueued } from '#auth/services/link/unsolicited-mails.js';
import { queueUnsolicited } from '#runtime/mail/unsolicited-mail.js';

const TTL_MS = 7 * 24 * 60 * 60 * 1000;

type Unsent = Omit<Invitation, 'id' | 'tokenHash' | 'wrongPasswords' | 'sentAt' | 'expiresAt'> & { id?: string };

/**
 * Stores a new or renewed invitation with a new token, valid for 7 days, and queues its mail. Throws as `requireQueued`.
 */
export async function sendInvitation(
  { services, manager }: TransactionContext,
  { invitation, organization, inviterId }: { invitation: Unsent; organization: Organization; inviterId: string },
): Promise<Invitation> {
  const token = newToken({ services }, 'wmi_');
  const now = services.now();
  const sent = await manager.save(InvitationEntity, {
    ...invitation,
    tokenHash: hashToken(token),
    wrongPasswords: 0,
    sentAt: now,
    expiresAt: new Date(now.getTime() + TTL_MS),
  });
  const { name: inviterName } = await manager.findOneByOrFail(PersonEntity, { id: inviterId });
  const url = accountLink(services, { page: 'accept-invitation', token });
  const { email, role } = sent;
  const { id: organizationId, name: organizationName } = organization;
  const notQueued = await queueUnsolicited(manager, INVITATION, {
    recipient: email,
    organizationId,
    causedBy: inviterId,
    declineToken: newToken({ services }, 'wmd_'),
    render: (declineToken) => {
      const declineUrl = accountLink(services, { page: 'decline-mail', token: declineToken });
      return invitationMail({ organizationName, inviterName, role, url, declineUrl });
    },
  });
  requireQueued(notQueued);
  return sent;
}
