import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireNotStronger, requireRole } from '#auth/services/member/require-role.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import { requireVerifiedEmail } from '#auth/services/person/require-verified-email.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import { type Identity, roles } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';
import { hashInvitationToken, INVITATION_TTL_MS, newInvitationToken } from './invitation-token.js';
import { sendInvitation } from './send-invitation.js';

const MAX_PENDING = 200;

const input = z.object({
  email: emailAddress,
  role: z.enum(roles),
});

/** Throws Conflict for whoever need not be invited. An invitation that has run out makes room for a new one. */
async function requireNew(manager: EntityManager, organizationId: string, email: string, now: Date): Promise<void> {
  // In one statement, so that the time does not tell whether somebody who is no member has an account.
  const member = await manager
    .createQueryBuilder(MembershipEntity, 'membership')
    .innerJoin(PersonEntity.options.name, 'person', 'person.id = membership.personId')
    .where('membership.organizationId = :organizationId', { organizationId })
    .andWhere('lower(person.email) = lower(:email)', { email })
    .getOne();
  if (member) throw new Conflict('This person is a member already.');
  const waiting = await manager
    .createQueryBuilder(InvitationEntity, 'invitation')
    .where('invitation.organizationId = :organizationId', { organizationId })
    .andWhere('lower(invitation.email) = lower(:email)', { email })
    .getOne();
  if (waiting && waiting.expiresAt > now)
    throw new Conflict('This address was invited already: send the invitation again, or revoke it first.');
  if (waiting) await manager.delete(InvitationEntity, { id: waiting.id, organizationId });
  else if ((await manager.countBy(InvitationEntity, { organizationId })) >= MAX_PENDING)
    throw new Conflict(`There are ${MAX_PENDING} invitations without an answer: revoke some first.`);
}

/**
 * Invites an address. Throws InvalidInput, Forbidden for a role stronger than one's own or while one's own address is not
 * confirmed, and Conflict for whoever is a
 * member or was invited already.
 */
export async function inviteMember(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<Invitation> {
  const actor = actingPerson(identity);
  const { organizationId, userId } = actor;
  const { email, role } = parseInput(input, given);
  await requireVerifiedEmail(database, userId);
  const now = services.now();
  const token = newInvitationToken();
  const change = { organizationId, personIds: [] };
  const invitation = await changeMembers(services, database, change, async (manager, organization) => {
    const own = await actingRole(manager, actor);
    requireRole(own, 'ADMIN');
    requireNotStronger(own, role);
    await requireNew(manager, organizationId, email, now);
    const made = await manager.save(InvitationEntity, {
      organizationId,
      email,
      role,
      invitedBy: userId,
      tokenHash: hashInvitationToken(token),
      wrongPasswords: 0,
      createdAt: now,
      sentAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_TTL_MS),
    });
    await sendInvitation(services, manager, { invitation: made, organization, userId, token });
    const target = { type: 'Invitation', id: made.id };
    await recordAudit(manager, identity, { organizationId, action: 'member.invited', target, after: { email, role } });
    return made;
  });
  await deliverSoon(services);
  return invitation;
}
