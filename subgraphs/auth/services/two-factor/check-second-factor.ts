import { type DataSource, IsNull, Not } from 'typeorm';
import { OrganizationEntity } from '#auth/entities/organization.js';
import type { Person } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { asPerson } from '#auth/services/audit/record-audits.js';
import { AppError } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { issueChallenge } from './two-factor-challenge.js';
import { useCode } from './use-code.js';

/** Whether a person signs in with a second factor. */
export function hasTwoFactor(database: Pick<DataSource, 'manager'>, personId: string): Promise<boolean> {
  return database.manager.existsBy(TwoFactorEntity, { id: personId, confirmedAt: Not(IsNull()) });
}

/**
 * Has somebody who gave the right password show their second factor, if they have one. Without a code it throws AppError
 * with TWO_FACTOR_REQUIRED and a challenge; with one, as `useCode` does.
 */
export async function checkSecondFactor(
  services: Services,
  database: DataSource,
  identity: Identity,
  { person, code }: { person: Person; code?: string | null },
): Promise<void> {
  if (!(await hasTwoFactor(database, person.id))) return;
  if (!code) {
    const challenge = await issueChallenge(services, person);
    throw new AppError('This account needs a code as well: use completeLogIn.', 'TWO_FACTOR_REQUIRED', { challenge });
  }
  await useCode(services, database, asPerson(identity, person.id), { person, code });
  await deliverSoon(services);
}

/** Whether an organization demands a second factor that the person does not have. */
export async function lacksTwoFactor(database: DataSource, personId: string, organizationId: string): Promise<boolean> {
  const where = { id: organizationId, requiresTwoFactor: true };
  return (await database.manager.existsBy(OrganizationEntity, where)) && !(await hasTwoFactor(database, personId));
}
