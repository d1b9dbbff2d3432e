import type { ServiceContext } from '#auth/context.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { findPersonByEmail } from '#auth/services/person/addresses.js';
import type { Role } from '#runtime/identity/identity.js';
import { getInvitationByToken } from './find-invitations.js';

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
