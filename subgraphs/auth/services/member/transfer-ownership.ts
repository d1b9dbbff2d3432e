import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { InvalidInput } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { actingPerson, actingRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { getMembership } from './get-membership.js';
import { getMember, type MemberRow } from './list-members.js';
import { requireRole } from './require-role.js';

/** Makes another member an owner and the acting owner an administrator. Throws NotFound, and InvalidInput for a wrong password. */
export async function transferOwnership(
  services: Services,
  database: DataSource,
  identity: Identity,
  { userId, password }: { userId: string; password: string },
): Promise<MemberRow> {
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  await getMembership(database.manager, organizationId, personId);
  if (personId === actor.userId) throw new InvalidInput([{ argument: 'userId', problem: 'is yourself' }]);
  await reauthenticate(services, database, identity, password, 'password');
  const personIds = [actor.userId, personId];
  await changeMembers(services, database, { organizationId, personIds }, async (manager) => {
    requireRole(await actingRole(manager, actor), 'OWNER');
    const { role } = await getMembership(manager, organizationId, personId);
    await manager.update(MembershipEntity, { organizationId, personId }, { role: 'OWNER' });
    await manager.update(MembershipEntity, { organizationId, personId: actor.userId }, { role: 'ADMIN' });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'ownership.transferred',
      target: { type: 'User', id: personId },
      before: { role },
      after: { role: 'OWNER', formerOwnersRole: 'ADMIN' },
    });
  });
  return getMember(database, organizationId, personId);
}
