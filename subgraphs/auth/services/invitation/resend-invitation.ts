import type { DataSource } from 'typeorm';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireNotStronger, requireRole } from '#auth/services/member/require-role.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { RateLimited } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { getInvitation } from './get-invitation.js';
import { hashInvitationToken, INVITATION_TTL_MS, newInvitationToken } from './invitation-token.js';
import { sendInvitation } from './send-invitation.js';

/** A mailbox is not to be filled by somebody who presses a button. */
const PAUSE_MS = 60 * 1000;

/** Sends an invitation again with a new link. Throws NotFound, Forbidden, and RateLimited within a minute of the last time. */
export async function resendInvitation(
  services: Services,
  database: DataSource,
  identity: Identity,
  invitationId: string,
): Promise<Invitation> {
  const actor = actingPerson(identity);
  const { organizationId, userId } = actor;
  const now = services.now();
  const token = newInvitationToken();
  const change = { organizationId, personIds: [] };
  const invitation = await changeMembers(services, database, change, async (manager, organization) => {
    const own = await actingRole(manager, actor);
    requireRole(own, 'ADMIN');
    const before = await getInvitation(manager, organizationId, invitationId);
    requireNotStronger(own, before.role);
    const waitMs = before.sentAt.getTime() + PAUSE_MS - now.getTime();
    if (waitMs > 0) throw new RateLimited('The invitation was sent a moment ago.', Math.ceil(waitMs / 1000));
    const renewed = await manager.save(InvitationEntity, {
      ...before,
      tokenHash: hashInvitationToken(token),
      wrongPasswords: 0,
      sentAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_TTL_MS),
    });
    await sendInvitation(services, manager, { invitation: renewed, organization, userId, token });
    const target = { type: 'Invitation', id: renewed.id };
    const after = { email: renewed.email, role: renewed.role };
    await recordAudit(manager, identity, { organizationId, action: 'invitation.resent', target, after });
    return renewed;
  });
  await deliverSoon(services);
  return invitation;
}
