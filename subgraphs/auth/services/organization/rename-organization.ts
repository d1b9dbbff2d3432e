import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { givenName } from '#auth/services/person/account-input.js';
import { parseInput } from '#runtime/parse-input.js';

const input = z.object({ name: givenName });

/** Renames the caller's organization. Throws InvalidInput. */
export async function renameOrganization(context: ServiceContext, given: z.input<typeof input>): Promise<Organization> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const { name } = parseInput(input, given);
  return changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      requireRole(await actingRole(transaction, actor), 'ADMIN');
      if (organization.name === name) return organization;
      await transaction.manager.update(OrganizationEntity, { id: organizationId }, { name });
      const target = { type: 'Organization', id: organizationId };
      const change = { before: { name: organization.name }, after: { name } };
      await audit(transaction, { organizationId, action: 'organization.renamed', target, ...change });
      return { ...organization, name };
    },
  });
}
