import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Conflict } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { actingPerson, actingRole, requireRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { clientIdsInput, requireClients } from './clients-of-limit.js';
import { getMember, type MemberRow } from './list-members.js';
import { getMembership } from './membership.js';

const input = z.object({ clientIds: clientIdsInput });

/** Changes the limit of a member; `clientIds` null = none. */
async function changeLimit(
  context: ServiceContext,
  { userId, clientIds }: { userId: string; clientIds: string[] | null },
): Promise<MemberRow> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  if (clientIds) await requireClients(context, { organizationId, clientIds });
  await changeMembers(context, {
    organizationId,
    personIds: [personId],
    change: async (transaction) => {
      requireRole(await actingRole(transaction, actor), 'ADMIN');
      const membership = await getMembership(transaction, { organizationId, personId });
      if (clientIds && membership.role !== 'VIEWER') {
        throw new Conflict('Only a VIEWER can be limited to clients: change the role first.');
      }
      if (clientIds && membership.rights.length > 0) {
        throw new Conflict('A member with rights cannot be limited to clients: take these first (setMemberRights).');
      }
      if (JSON.stringify(membership.clientIds) === JSON.stringify(clientIds)) return;
      await transaction.manager.update(MembershipEntity, { organizationId, personId }, { clientIds });
      await audit(transaction, {
        organizationId,
        action: clientIds ? 'member.limited' : 'member.limit-lifted',
        target: { type: 'User', id: personId },
        before: { clientIds: membership.clientIds },
        after: { clientIds },
      });
    },
  });
  return getMember(context, { organizationId, personId });
}

/**
 * Limits a VIEWER to some clients with their accounts, effective at once. Throws InvalidInput, NotFound for an unknown member or
 * client, and Conflict for another role.
 */
export async function limitMember(
  context: ServiceContext,
  { userId, ...given }: { userId: string } & z.input<typeof input>,
): Promise<MemberRow> {
  return changeLimit(context, { userId, ...parseInput(input, given) });
}

/** Lifts the limit of a member, who then sees all clients. Throws NotFound. */
export function liftMemberLimit(context: ServiceContext, { userId }: { userId: string }): Promise<MemberRow> {
  return changeLimit(context, { userId, clientIds: null });
}
