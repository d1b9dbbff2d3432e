import { IsNull, Not } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { Conflict } from '#runtime/errors.js';

type Reading = Pick<ServiceContext, 'manager'>;

/** Whether a person signs in with a second factor. */
export function hasTwoFactor({ manager }: Reading, { personId }: { personId: string }): Promise<boolean> {
  return manager.existsBy(TwoFactorEntity, { id: personId, confirmedAt: Not(IsNull()) });
}

/** Throws Conflict when a person has no second factor. */
export async function requireTwoFactorOn(context: Reading, person: { personId: string }): Promise<void> {
  if (!(await hasTwoFactor(context, person))) throw new Conflict('Two-factor sign-in is not on.');
}

/** Whether an organization requires a second factor the person lacks. */
export async function lacksTwoFactor(
  context: Reading,
  { personId, organizationId }: { personId: string; organizationId: string },
): Promise<boolean> {
  const where = { id: organizationId, requiresTwoFactor: true };
  return (await context.manager.existsBy(OrganizationEntity, where)) && !(await hasTwoFactor(context, { personId }));
}
