import { createHash } from 'node:crypto';
import type { TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';

/** Returns a fingerprint of a password's hash, for tokens that end with the password. */
export function passwordFingerprint({ passwordHash }: Pick<Person, 'passwordHash'>): string {
  return createHash('sha256').update(passwordHash).digest('base64url').slice(0, 16);
}

/** Whether a person still has the password that was verified before the transaction. Locks them; call it first. */
export async function isStillPassword(
  { manager }: TransactionContext,
  { id, passwordHash, lock }: Pick<Person, 'id' | 'passwordHash'> & { lock: 'pessimistic_read' | 'pessimistic_write' },
): Promise<boolean> {
  const person = await manager.findOne(PersonEntity, { where: { id }, lock: { mode: lock } });
  return person?.passwordHash === passwordHash;
}
