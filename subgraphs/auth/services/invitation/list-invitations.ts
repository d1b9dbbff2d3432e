import type { DataSource } from 'typeorm';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';

/** Returns the invitations nobody has accepted yet, the newest first: at most a few hundred (see `inviteMember`). */
export function listInvitations(database: DataSource, organizationId: string): Promise<Invitation[]> {
  return database.manager.find(InvitationEntity, {
    where: { organizationId },
    order: { createdAt: 'DESC', id: 'ASC' },
  });
}
