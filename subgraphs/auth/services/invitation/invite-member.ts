import { z } from 'zod';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireNotStronger, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { clientIdsInput, requireClients, requireLimitable } from '#auth/services/member/clients-of-limit.js';
import { countMembers } from '#auth/services/member/count-members.js';
import { emailAddress } from '#auth/services/person/account-input.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { Conflict, Forbidden } from '#runtime/errors.js';
import { roles } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { sendInvitation } from './send-invitation.js';

const MAX_PENDING = 200;

const input = z.object({
  email: emailAddress,
  role: z.enum(roles),
  clientIds: clientIdsInput.nullish().transform((ids) => ids ?? null),
});

/** An invitation mails a stranger in the caller's name. */
async function requireVerifiedEmail({ manager }: ServiceContext, { userId }: { userId: string }): Promise<void> {
  const person = await manager.findOneBy(PersonEntity, { id: userId });
  if (person?.emailVerifiedAt) return;
  throw new Forbidden('Confirm your e-mail address first: use the link that was mailed to you, or have it sent again.');
}

/** Throws Conflict for a member, an invited address, or too many invitations. Replaces an expired one. */
async function requireNew(
  { services, manager }: TransactionContext,
  { organizationId, email }: { organizationId: string; email: string },
): Promise<void> {
  // One statement, so that its time does not reveal accounts outside the organization.
  const member = await manager
    .createQueryBuilder(MembershipEntity, 'membership')
    .innerJoin(PersonEntity.options.name, 'person', 'person.id = membership.personId')
    .where('membership.organizationId = :organizationId', { organizationId })
    .andWhere('lower(person.email) = lower(:email)', { email })
    .getOne();
  if (member) throw new Conflict('This person is a member already.');
  const pending = await manager
    .createQueryBuilder(InvitationEntity, 'invitation')
    .where('invitation.organizationId = :organizationId', { organizationId })
    .andWhere('lower(invitation.email) = lower(:email)', { email })
    .getOne();
  if (pending && pending.expiresAt > services.now()) {
    throw new Conflict('This address was invited already: send the invitation again, or revoke it first.');
  }
  if (pending) {
    await manager.delete(InvitationEntity, { id: pending.id, organizationId });
  } else if ((await manager.countBy(InvitationEntity, { organizationId })) >= MAX_PENDING) {
    throw new Conflict(`There are ${MAX_PENDING} invitations without an answer: revoke some first.`);
  }
}

/**
 * Invites an address, with `clientIds` limited to these clients. Throws InvalidInput, NotFound for an unknown client, Conflict, LimitReached, and Forbidden for a role stronger than the caller's or a caller
 * without a verified address.
 */
export async function inviteMember(context: ServiceContext, given: z.input<typeof input>): Promise<Invitation> {
  const actor = actingPerson(context.identity);
  const { organizationId, userId } = actor;
  const { email, role, clientIds } = parseInput(input, given);
  await requireVerifiedEmail(context, actor);
  if (clientIds) {
    requireLimitable(role);
    await requireClients(context, { organizationId, clientIds });
  }
  const invitation = await changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      const own = await actingRole(transaction, actor);
      requireRole(own, 'ADMIN');
      requireNotStronger(own, role);
      await requireNew(transaction, { organizationId, email });
      await requireWithinLimit(transaction.manager, transaction.services, {
        organizationId,
        limit: 'MEMBERS',
        count: () => countMembers(transaction, { organizationId }),
      });
      const unsent = {
        organizationId,
        email,
        role,
        clientIds,
        invitedBy: userId,
        createdAt: context.services.now(),
      };
      const sent = await sendInvitation(transaction, { invitation: unsent, organization, inviterId: userId });
      const target = { type: 'Invitation', id: sent.id };
      await audit(transaction, {
        organizationId,
        action: 'member.invited',
        target,
        after: { email, role, ...(clientIds && { clientIds }) },
      });
      return sent;
    },
  });
  await deliverSoon(context.services);
  return invitation;
}
