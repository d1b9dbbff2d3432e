import type { EntityManager } from 'typeorm';
import { isRowId } from '../../../ops/runtime/database.js';
import { NotFound } from '../../../ops/runtime/errors.js';
import { type Invitation, InvitationEntity } from '../entities/invitation.js';

/** Returns an invitation of an organization. Throws NotFound, alike for another organization's and for none. */
export async function getInvitation(manager: EntityManager, organizationId: string, id: string): Promise<Invitation> {
  const invitation = isRowId(id) ? await manager.findOneBy(InvitationEntity, { id, organizationId }) : null;
  if (!invitation) throw new NotFound('invitation');
  return invitation;
}
