import type { EntityManager } from 'typeorm';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { findPersonByEmail } from '#auth/services/person/find-person.js';
import type { Role } from '#runtime/identity/identity.js';
import { getInvitationByToken } from './get-invitation-by-token.js';

/** What the link of an invitation tells before it is accepted. */
export interface InvitationPreview {
  organizationName: string;
  email: string;
  role: Role;
  hasAccount: boolean;
  expiresAt: Date;
}

/** Returns what a link leads to, for whoever has it. Throws InvalidInput. */
export async function previewInvitation(manager: EntityManager, token: string, now: Date): Promise<InvitationPreview> {
  const { organizationId, email, role, expiresAt } = await getInvitationByToken(manager, token, now);
  const { name } = await manager.findOneByOrFail(OrganizationEntity, { id: organizationId });
  const person = await findPersonByEmail(manager, email);
  return { organizationName: name, email, role, hasAccount: person !== null, expiresAt };
}
