import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { deletionCancelledMail } from '#auth/mails/deletion-mails.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireRole } from '#auth/services/member/require-role.js';
import { tellMembers } from '#auth/services/member/tell-members.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';

/** Lets the organization stay, and tells its members. Throws Conflict when nobody asked for its deletion. */
export async function cancelDeletion(
  services: Services,
  database: DataSource,
  identity: Identity,
): Promise<Organization> {
  const actor = actingPerson(identity);
  const { organizationId, userId } = actor;
  const change = { organizationId, personIds: [] };
  const changed = await changeMembers(services, database, change, async (manager, organization) => {
    requireRole(await actingRole(manager, actor), 'OWNER');
    if (!organization.deletionAt) throw new Conflict('The organization is not being deleted.');
    await manager.update(OrganizationEntity, { id: organizationId }, { deletionAt: null });
    const { name: ownerName } = await manager.findOneByOrFail(PersonEntity, { id: userId });
    const mail = deletionCancelledMail({ organizationName: organization.name, ownerName });
    await tellMembers(manager, organizationId, 'organization-deletion', mail);
    const target = { type: 'Organization', id: organizationId };
    const entry = { organizationId, action: 'organization.deletion-cancelled', target };
    await recordAudit(manager, identity, { ...entry, before: { deletionAt: organization.deletionAt.toISOString() } });
    return { ...organization, deletionAt: null };
  });
  await deliverSoon(services);
  return changed;
}
