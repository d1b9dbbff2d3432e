import { IsNull, Not } from 'typeorm';
import type { ServiceContext } from '#auth/context.js';
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

/** Returns the SQL of whether a person lacks the second factor that an organization requires; both are SQL expressions. */
export const lacksTwoFactorSql = ({ isRequired, personId }: { isRequired: string; personId: string }): string =>
  `(${isRequired} AND NOT EXISTS (
    SELECT FROM auth.two_factor WHERE two_factor.id = ${personId} AND two_factor.confirmed_at IS NOT NULL))`;

/** Whether an organization requires a second factor the person lacks. */
export async function lacksTwoFactor(
  context: Reading,
  { personId, organizationId }: { personId: string; organizationId: string },
): Promise<boolean> {
  const lacks = lacksTwoFactorSql({ isRequired: 'requires_two_factor', personId: '$2' });
  const text = `SELECT ${lacks} AS lacks FROM auth.organization WHERE id = $1`;
  const [row] = await context.manager.query<{ lacks: boolean }[]>(text, [organizationId, personId]);
  return row?.lacks ?? false;
}
