import type { EntityManager } from 'typeorm';
import { findPersonByEmail } from './find-person.js';
import { isHeldAddress } from './held-address.js';

/** Whether an address has an account, or is kept for the one that had it until shortly. */
export async function isTakenAddress(manager: EntityManager, email: string, now: Date): Promise<boolean> {
  // Both are looked up in any case: an answer that one of them was enough for would come sooner.
  const person = await findPersonByEmail(manager, email);
  const isHeld = await isHeldAddress(manager, email, now);
  return person !== null || isHeld;
}

/** Has everything that happens to sign-ups of one address happen one after the other, until the transaction ends. */
export async function lockAddress(manager: EntityManager, email: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('sign-up ' || lower($1), 0))`, [email]);
}
