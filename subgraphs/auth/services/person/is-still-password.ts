import type { EntityManager } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';

/**
 * Whether a person still has the password that was compared a moment ago, which takes so long that it may have been
 * replaced meanwhile. They are locked until the transaction ends: it is replaced before it, or after it and all that comes
 * of it. Call it first in the transaction.
 */
export async function isStillPassword(
  manager: EntityManager,
  { id, passwordHash }: Pick<Person, 'id' | 'passwordHash'>,
  mode: 'pessimistic_read' | 'pessimistic_write',
): Promise<boolean> {
  const person = await manager.findOne(PersonEntity, { where: { id }, lock: { mode } });
  return person?.passwordHash === passwordHash;
}
