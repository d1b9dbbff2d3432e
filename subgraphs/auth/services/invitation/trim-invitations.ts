import { type DataSource, LessThan } from 'typeorm';
import { InvitationEntity } from '#auth/entities/invitation.js';

/** How long an invitation that has run out can still be sent again. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;

/** Deletes invitations that ran out a month ago, and with them the address of somebody who never answered. */
export async function trimInvitations(database: DataSource, now: Date): Promise<void> {
  await database.manager.delete(InvitationEntity, { expiresAt: LessThan(new Date(now.getTime() - KEEP_MS)) });
}
