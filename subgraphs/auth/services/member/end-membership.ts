import { type EntityManager, IsNull } from 'typeorm';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { SessionEntity } from '#auth/entities/session.js';
import { tellOfKeysLeft } from '#auth/services/api-key/tell-of-keys-left.js';

/**
 * Ends a membership and with it whatever the person holds in the organization. API keys are the organization's and work on;
 * administrators are told which ones the person created. Call it inside `changeMembers`, and `deliverSoon` afterwards.
 */
export async function endMembership(
  manager: EntityManager,
  { organizationId, personId }: Membership,
  now: Date,
): Promise<void> {
  const theirs = { organizationId, personId };
  await manager.update(SessionEntity, { ...theirs, revokedAt: IsNull() }, { revokedAt: now });
  await manager.delete(MembershipEntity, theirs);
  const { name } = await manager.findOneByOrFail(PersonEntity, { id: personId });
  await tellOfKeysLeft(manager, { ...theirs, name, at: now });
}
