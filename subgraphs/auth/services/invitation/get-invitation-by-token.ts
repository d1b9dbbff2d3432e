import type { EntityManager } from 'typeorm';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { InvalidInput } from '#runtime/errors.js';
import { hashInvitationToken } from './invitation-token.js';

/** Who has the link may try a password a few times: the mailbox alone must not be enough to find it. */
export const MAX_WRONG_PASSWORDS = 10;

export function invalidInvitation(): InvalidInput {
  const problem = 'is of no invitation that still holds: ask for a new one';
  return new InvalidInput([{ argument: 'token', problem }]);
}

/** Returns the invitation behind a link. Throws InvalidInput when it was accepted, revoked, renewed, or has run out. */
export async function getInvitationByToken(manager: EntityManager, token: string, now: Date): Promise<Invitation> {
  const invitation = await manager.findOneBy(InvitationEntity, { tokenHash: hashInvitationToken(token) });
  if (!invitation || invitation.expiresAt <= now || invitation.wrongPasswords >= MAX_WRONG_PASSWORDS)
    throw invalidInvitation();
  return invitation;
}
