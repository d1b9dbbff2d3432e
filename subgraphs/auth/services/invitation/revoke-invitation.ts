import type { DataSource } from 'typeorm';
import { InvitationEntity } from '#auth/entities/invitation.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireNotStronger, requireRole } from '#auth/services/member/require-role.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { getInvitation } from './get-invitation.js';

/** Takes an invitation back. Throws NotFound, and Forbidden for one whose role is stronger than one's own. */
export async function revokeInvitation(
  services: Services,
  database: DataSource,
  identity: Identity,
  invitationId: string,
): Promise<string> {
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  return changeMembers(services, database, { organizationId, personIds: [] }, async (manager) => {
    const own = await actingRole(manager, actor);
    requireRole(own, 'ADMIN');
    const { id, email, role } = await getInvitation(manager, organizationId, invitationId);
    requireNotStronger(own, role);
    await manager.delete(InvitationEntity, { id, organizationId });
    const target = { type: 'Invitation', id };
    const before = { email, role };
    await recordAudit(manager, identity, { organizationId, action: 'invitation.revoked', target, before });
    return id;
  });
}
