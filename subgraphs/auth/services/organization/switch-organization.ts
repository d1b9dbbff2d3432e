import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { actingPerson } from '#auth/services/member/acting-person.js';
import { type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/**
 * Begins a session of the acting person in another organization of theirs. Throws NotFound, alike for an organization
 * they do not belong to and for none.
 */
export async function switchOrganization(
  services: Services,
  database: DataSource,
  identity: Identity,
  organizationId: string,
): Promise<SignedIn> {
  const { userId: personId } = actingPerson(identity);
  if (!isRowId(organizationId)) throw new NotFound('organization');
  return database.transaction(async (manager) => {
    // Locked against a removal at this very moment, which would not see the session it has to end.
    const membership = await manager.findOne(MembershipEntity, {
      where: { personId, organizationId },
      lock: { mode: 'pessimistic_read' },
    });
    if (!membership) throw new NotFound('organization');
    return signIn(services, manager, identity, membership);
  });
}
