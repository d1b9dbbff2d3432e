import type { ServiceContext } from '#auth/context.js';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { hashToken } from '#auth/services/link/token.js';
import { mayInvite } from '#auth/services/member/acting-person.js';
import { findPersonByEmail } from '#auth/services/person/addresses.js';
import { isRowId } from '#runtime/database/database.js';
import { InvalidInput, NotFound } from '#runtime/errors.js';
import type { Role } from '#runtime/identity/identity.js';

/** The mailbox alone must not be enough to guess the password. */
export const MAX_WRONG_PASSWORDS = 10;

/** Returns the error for an invalid token. */
export function invalidInvitation(): InvalidInput {
  const problem = 'is of no invitation that still holds: ask for a new one';
  return new InvalidInput([{ argument: 'token', problem }]);
}

/** Returns the invitations of an organization, the newest first. */
export function listInvitations(
  { manager }: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<Invitation[]> {
  return manager.find(InvitationEntity, { where: { organizationId }, order: { createdAt: 'DESC', id: 'ASC' } });
}

/** Returns an invitation of an organization. Throws NotFound, also for another organization's. */
export async function getInvitation(
  { manager }: ServiceContext,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<Invitation> {
  const invitation = isRowId(id) ? await manager.findOneBy(InvitationEntity, { id, organizationId }) : null;
  if (!invitation) throw new NotFound('invitation');
  return invitation;
}

/** Whether the inviter could still make this invitation: a lost right must not come back by one made before. */
export async function isStillGranted(
  { manager }: Pick<ServiceContext, 'manager'>,
  { organizationId, invitedBy, role }: Invitation,
): Promise<boolean> {
  if (!invitedBy) return false;
  const inviter = await manager.findOneBy(MembershipEntity, { organizationId, personId: invitedBy });
  return mayInvite(inviter?.role, role);
}

/**
 * Returns the invitation of a token. Throws InvalidInput for an invalid or expired one, and when the inviter lost the
 * right to invite.
 */
export async function getInvitationByToken(context: ServiceContext, { token }: { token: string }): Promise<Invitation> {
  const { services, manager } = context;
  const invitation = await manager.findOneBy(InvitationEntity, { tokenHash: hashToken(token) });
  const isValid = invitation && invitation.expiresAt > services.now();
  if (!isValid || invitation.wrongPasswords >= MAX_WRONG_PASSWORDS) throw invalidInvitation();
  if (!(await isStillGranted(context, invitation))) throw invalidInvitation();
  return invitation;
}

/** An invitation as shown to the bearer of its token. */
export interface InvitationPreview {
  organizationName: string;
  email: string;
  role: Role;
  hasAccount: boolean;
  expiresAt: Date;
}

/** Returns the preview of an invitation. Throws InvalidInput. */
export async function previewInvitation(
  context: ServiceContext,
  { token }: { token: string },
): Promise<InvitationPreview> {
  const { organizationId, email, role, expiresAt } = await getInvitationByToken(context, { token });
  const { name } = await context.manager.findOneByOrFail(OrganizationEntity, { id: organizationId });
  const person = await findPersonByEmail(context, email);
  return { organizationName: name, email, role, hasAccount: person !== null, expiresAt };
}
