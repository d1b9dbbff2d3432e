import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';

/** Returns the person with this address in any case, or null. */
export function findPersonByEmail({ manager }: Pick<ServiceContext, 'manager'>, email: string): Promise<Person | null> {
  const query = manager.createQueryBuilder(PersonEntity, 'person');
  return query.where('lower(person.email) = lower(:email)', { email }).getOne();
}

/** Whether an address is reserved for the account that gave it up, whose owner can still restore it. */
export async function isHeldAddress({ services, manager }: ServiceContext, email: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM auth.one_time_token
     WHERE purpose = 'STOP_EMAIL_CHANGE' AND lower(email) = lower($1) AND used_at IS NULL AND expires_at > $2 LIMIT 1`,
    [email, services.now()],
  );
  return rows.length > 0;
}

/** Whether an address has an account or is reserved for one. */
export async function isTakenAddress(context: ServiceContext, email: string): Promise<boolean> {
  // Both look-ups, so that the time does not depend on the first.
  const person = await findPersonByEmail(context, email);
  const isHeld = await isHeldAddress(context, email);
  return person !== null || isHeld;
}

/** Serializes the sign-ups of an address until the commit. */
export async function lockAddress({ manager }: TransactionContext, email: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('sign-up ' || lower($1), 0))`, [email]);
}
