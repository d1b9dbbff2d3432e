import { inTransaction, type ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import type { Person } from '#auth/entities/person.js';
import { isStillPassword } from '#auth/services/person/current-password.js';
import { Unauthenticated } from '#runtime/errors.js';
import { type SignedIn, signIn } from './sign-in.js';

/**
 * Begins a session in the person's oldest organization, or in none if they belong to none. Throws Unauthenticated when their password was replaced
 * meanwhile.
 */
export async function startSession(context: ServiceContext, { person }: { person: Person }): Promise<SignedIn> {
  return inTransaction(context, async (transaction) => {
    const isStill = await isStillPassword(transaction, { ...person, lock: 'pessimistic_read' });
    // Locked against a concurrent removal, which must end this session.
    const membership = await transaction.manager.findOne(MembershipEntity, {
      where: { personId: person.id },
      order: { createdAt: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    if (!isStill) throw new Unauthenticated('The address or the password is wrong.');
    return signIn(transaction, { personId: person.id, organizationId: membership?.organizationId ?? null });
  });
}
