import type { DataSource } from 'typeorm';
import { Unauthenticated } from '../../../ops/runtime/errors.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { MembershipEntity } from '../entities/membership.js';
import type { Person } from '../entities/person.js';
import { type SignedIn, signIn } from './sign-in.js';

/** Begins a session of somebody who has shown who they are, in the organization they have belonged to longest. */
export async function startSession(runtime: Runtime, database: DataSource, person: Person): Promise<SignedIn> {
  const membership = await database.manager.findOne(MembershipEntity, {
    where: { personId: person.id },
    order: { createdAt: 'ASC' },
  });
  if (!membership) throw new Unauthenticated('The address or the password is wrong.');
  return signIn(runtime, database.manager, membership);
}
