import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import type { Person } from '#auth/entities/person.js';
import { isStillPassword } from '#auth/services/person/is-still-password.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { type SignedIn, signIn } from './sign-in.js';

/**
 * Begins a session of somebody who has shown who they are, in the organization they have belonged to longest. Throws
 * Unauthenticated when their password was replaced since.
 */
export async function startSession(
  services: Services,
  database: DataSource,
  identity: Identity,
  person: Person,
): Promise<SignedIn> {
  return database.transaction(async (manager) => {
    const isStill = await isStillPassword(manager, person, 'pessimistic_read');
    // Locked against a removal at this very moment, which would not see the session it has to end.
    const membership = await manager.findOne(MembershipEntity, {
      where: { personId: person.id },
      order: { createdAt: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    if (!isStill || !membership) throw new Unauthenticated('The address or the password is wrong.');
    return signIn(services, manager, identity, membership);
  });
}
