import { createHash } from 'node:crypto';
import { hash, verify } from '@node-rs/bcrypt';

const COST = 12;

// bcrypt reads 72 bytes and stops at a zero byte; a digest in base64 has neither trouble, so that every character of a
// long password counts.
function digest(password: string): string {
  return createHash('sha256').update(password.normalize('NFKC')).digest('base64');
}

// Compared against when nobody has the address, so that the answer takes the same time as for a wrong password.
const nobodysHash = hash(digest('nobody has this password'), { cost: COST });

/** Returns the bcrypt hash (cost 12) of a password. Runs beside the event loop. */
export function hashPassword(password: string): Promise<string> {
  return hash(digest(password), { cost: COST });
}

/** Whether the password is the one behind `passwordHash`; without a hash false, after the same time. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const matches = await verify(digest(password), passwordHash ?? (await nobodysHash));
  return matches && passwordHash !== undefined;
}
