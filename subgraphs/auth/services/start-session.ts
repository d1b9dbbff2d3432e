import type { DataSource } from 'typeorm';
import { Unauthenticated } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { MembershipEntity } from '../entities/membership.js';
import type { Person } from '../entities/person.js';
import { type SignedIn, signIn } from './sign-in.js';

/** Begins a session of somebody who has shown who they are, in the organization they have belonged to longest. */
export async function startSession(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  person: Person,
): Promise<SignedIn> {
  return database.transaction(async (manager) => {
    const membership = await manager.findOne(MembershipEntity, {
      where: { personId: person.id },
      order: { createdAt: 'ASC' },
    });
    if (!membership) throw new Unauthenticated('The address or the password is wrong.');
    return signIn(runtime, manager, identity, membership);
  });
}
