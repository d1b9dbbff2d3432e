import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { deletionRequestedMail } from '#auth/mails/deletion-mails.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireRole } from '#auth/services/member/require-role.js';
import { tellMembers } from '#auth/services/member/tell-members.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';

/** How long the deletion of an organization can be called off. */
export const GRACE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Has the organization deleted after the grace, and tells its members. Throws InvalidInput when the password or the name
 * is not right, Conflict when it is being deleted already.
 */
export async function requestDeletion(
  services: Services,
  database: DataSource,
  identity: Identity,
  { password, name }: { password: string; name: string },
): Promise<Organization> {
  const actor = actingPerson(identity);
  const { organizationId, userId } = actor;
  await reauthenticate(services, database, identity, password, 'password');
  const at = new Date(services.now().getTime() + GRACE_MS);
  const change = { organizationId, personIds: [] };
  const changed = await changeMembers(services, database, change, async (manager, organization) => {
    requireRole(await actingRole(manager, actor), 'OWNER');
    if (name.trim() !== organization.name)
      throw new InvalidInput([{ argument: 'name', problem: 'is not the name of this organization' }]);
    if (organization.deletionAt) throw new Conflict('The organization is being deleted already.');
    await manager.update(OrganizationEntity, { id: organizationId }, { deletionAt: at });
    const { name: ownerName } = await manager.findOneByOrFail(PersonEntity, { id: userId });
    const mail = deletionRequestedMail({ organizationName: organization.name, ownerName, at });
    await tellMembers(manager, organizationId, 'organization-deletion', mail);
    const target = { type: 'Organization', id: organizationId };
    const entry = { organizationId, action: 'organization.deletion-requested', target };
    await recordAudit(manager, identity, { ...entry, after: { deletionAt: at.toISOString() } });
    return { ...organization, deletionAt: at };
  });
  await deliverSoon(services);
  return changed;
}
