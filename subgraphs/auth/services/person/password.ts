import { createHash } from 'node:crypto';
import { limitAsync } from 'es-toolkit/promise';
import type { TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { bcrypt } from './bcrypt.js';

const COST = 12;

// A hash occupies one of libuv's four threads for 200 ms: with all of them taken, new database connections time out.
const limited = limitAsync(<Result>(work: () => Promise<Result>) => work(), 2);

// bcrypt reads 72 bytes and stops at a zero byte: hash a digest.
function digest(password: string): string {
  return createHash('sha256').update(password.normalize('NFKC')).digest('base64');
}

// Compared for unknown addresses, to take the same time.
const dummyHash = bcrypt.hash(digest('nobody has this password'), COST);

/** Returns the bcrypt hash (cost 12) of a password, computed off the event loop. */
export function hashPassword(password: string): Promise<string> {
  return limited(() => bcrypt.hash(digest(password), COST));
}

/** Whether the password matches `passwordHash`; false without one, after the same time. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const expected = passwordHash ?? (await dummyHash);
  const matches = await limited(() => bcrypt.compare(digest(password), expected));
  return matches && passwordHash !== undefined;
}

/** Whether a person still has the password that was verified before the transaction. Locks them; call it first. */
export async function isStillPassword(
  { manager }: TransactionContext,
  { id, passwordHash, lock }: Pick<Person, 'id' | 'passwordHash'> & { lock: 'pessimistic_read' | 'pessimistic_write' },
): Promise<boolean> {
  const person = await manager.findOne(PersonEntity, { where: { id }, lock: { mode: lock } });
  return person?.passwordHash === passwordHash;
}
