import { inTransaction, type ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import { hasTwoFactor } from './has-two-factor.js';

/** Sets whether the caller's organization requires a second factor. Throws Conflict for a caller without one. */
export async function requireTwoFactor(
  context: ServiceContext,
  { isRequired }: { isRequired: boolean },
): Promise<Organization> {
  const { userId, organizationId } = context.identity;
  if (isRequired && !(await hasTwoFactor(context, { personId: String(userId) }))) {
    throw new Conflict('Set up two-factor sign-in for yourself first.');
  }
  return inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    const lock = { mode: 'pessimistic_write' } as const;
    const organization = await manager.findOne(OrganizationEntity, { where: { id: String(organizationId) }, lock });
    if (!organization) throw new NotFound('organization');
    if (organization.requiresTwoFactor === isRequired) return organization;
    await manager.update(OrganizationEntity, { id: organization.id }, { requiresTwoFactor: isRequired });
    await audit(transaction, {
      organizationId: organization.id,
      action: isRequired ? 'two-factor.demanded' : 'two-factor.left-free',
      target: { type: 'Organization', id: organization.id },
      before: { requiresTwoFactor: !isRequired },
      after: { requiresTwoFactor: isRequired },
    });
    return { ...organization, requiresTwoFactor: isRequired };
  });
}
