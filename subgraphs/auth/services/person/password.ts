import { createHash } from 'node:crypto';
import { hash, verify } from '@node-rs/bcrypt';
import { Turns } from '#runtime/process/turns.js';

const COST = 12;

// Each takes a fifth of a second of one of libuv's four threads, which everyone else in the process needs as well: new
// database connections time out when all of them compute hashes.
const turns = new Turns(2);

// bcrypt reads 72 bytes and stops at a zero byte; a digest in base64 has neither trouble, so that every character of a
// long password counts.
function digest(password: string): string {
  return createHash('sha256').update(password.normalize('NFKC')).digest('base64');
}

// Compared against when nobody has the address, so that the answer takes the same time as for a wrong password.
const nobodysHash = hash(digest('nobody has this password'), { cost: COST });

/** Returns the bcrypt hash (cost 12) of a password. Runs beside the event loop. */
export function hashPassword(password: string): Promise<string> {
  return turns.run(() => hash(digest(password), { cost: COST }));
}

/** Whether the password is the one behind `passwordHash`; without a hash false, after the same time. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const expected = passwordHash ?? (await nobodysHash);
  const matches = await turns.run(() => verify(digest(password), expected));
  return matches && passwordHash !== undefined;
}
