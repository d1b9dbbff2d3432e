import { inTransaction, type ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { ownSessionEnd, type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';

/** Begins a session in another organization of the caller. Throws NotFound, and Conflict for that of the request. */
export async function switchOrganization(
  context: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<SignedIn> {
  const personId = requirePerson(context.identity);
  const { organizationId: current } = context.identity;
  if (!isRowId(organizationId)) throw new NotFound('organization');
  return inTransaction(context, async (transaction) => {
    // Locked against a concurrent removal, which must end this session.
    const membership = await transaction.manager.findOne(MembershipEntity, {
      where: { personId, organizationId },
      lock: { mode: 'pessimistic_read' },
    });
    if (!membership) throw new NotFound('organization');
    if (organizationId.toLowerCase() === current) throw new Conflict('You are in this organization already.');
    return signIn(transaction, { personId, organizationId, endsAt: await ownSessionEnd(transaction) });
  });
}
