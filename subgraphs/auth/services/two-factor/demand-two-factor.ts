import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { hasTwoFactor } from './check-second-factor.js';

/**
 * Says whether members of the organization must have a second factor. Those without one can do nothing but set one up,
 * within seconds. Throws Conflict for somebody who demands what they have not got themselves: they would lock themselves out.
 */
export async function demandTwoFactor(
  database: DataSource,
  identity: Identity,
  isRequired: boolean,
): Promise<Organization> {
  if (isRequired && !(await hasTwoFactor(database, String(identity.userId)))) {
    throw new Conflict('Set up two-factor sign-in for yourself first.');
  }
  return database.transaction(async (manager) => {
    const organization = await manager.findOne(OrganizationEntity, {
      where: { id: String(identity.organizationId) },
      lock: { mode: 'pessimistic_write' },
    });
    if (!organization) throw new NotFound('organization');
    if (organization.requiresTwoFactor === isRequired) return organization;
    await manager.update(OrganizationEntity, { id: organization.id }, { requiresTwoFactor: isRequired });
    await recordAudit(manager, identity, {
      organizationId: organization.id,
      action: isRequired ? 'two-factor.demanded' : 'two-factor.left-free',
      target: { type: 'Organization', id: organization.id },
      before: { requiresTwoFactor: !isRequired },
      after: { requiresTwoFactor: isRequired },
    });
    return { ...organization, requiresTwoFactor: isRequired };
  });
}
