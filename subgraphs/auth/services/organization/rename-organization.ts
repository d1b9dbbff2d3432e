import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { actingPerson, actingRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { requireRole } from '#auth/services/member/require-role.js';
import { givenName } from '#auth/services/person/account-input.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';

const input = z.object({ name: givenName });

/** Gives the organization another name. Throws InvalidInput. */
export async function renameOrganization(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<Organization> {
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  const { name } = parseInput(input, given);
  return changeMembers(services, database, { organizationId, personIds: [] }, async (manager, organization) => {
    requireRole(await actingRole(manager, actor), 'ADMIN');
    if (organization.name === name) return organization;
    await manager.update(OrganizationEntity, { id: organizationId }, { name });
    const target = { type: 'Organization', id: organizationId };
    const change = { before: { name: organization.name }, after: { name } };
    await recordAudit(manager, identity, { organizationId, action: 'organization.renamed', target, ...change });
    return { ...organization, name };
  });
}
