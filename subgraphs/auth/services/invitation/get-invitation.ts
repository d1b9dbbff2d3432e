import type { EntityManager } from 'typeorm';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

/** Returns an invitation of an organization. Throws NotFound, alike for another organization's and for none. */
export async function getInvitation(manager: EntityManager, organizationId: string, id: string): Promise<Invitation> {
  const invitation = isRowId(id) ? await manager.findOneBy(InvitationEntity, { id, organizationId }) : null;
  if (!invitation) throw new NotFound('invitation');
  return invitation;
}
