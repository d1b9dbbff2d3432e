import { createHash, randomBytes } from 'node:crypto';
import type { Identity } from '#runtime/identity/identity.js';
import { bcrypt } from './bcrypt.js';
import { hashInTurn } from './hashing-queue.js';

const COST = 12;

// bcrypt reads 72 bytes and stops at a zero byte: hash a digest.
function digest(password: string): string {
  return createHash('sha256').update(password.normalize('NFKC')).digest('base64');
}

// Compared for unknown addresses, to take the same time.
const dummyHash = bcrypt.hash(digest('nobody has this password'), COST);

type Caller = { identity: Identity };

/** Returns the bcrypt hash (cost 12) of a password, computed off the event loop. Throws as `hashInTurn` does. */
export function hashPassword(context: Caller, { password }: { password: string }): Promise<string> {
  return hashInTurn(context, { work: () => bcrypt.hash(digest(password), COST) });
}

/** Whether the password matches `passwordHash`; false without one, after the same time. Throws as `hashInTurn` does. */
export async function isPassword(
  context: Caller,
  { password, passwordHash }: { password: string; passwordHash: string | undefined },
): Promise<boolean> {
  const expected = passwordHash ?? (await dummyHash);
  const matches = await hashInTurn(context, { work: () => bcrypt.compare(digest(password), expected) });
  return matches && passwordHash !== undefined;
}

/** Returns a hash in bcrypt's form that no password is known to have. */
export function unmatchedPasswordHash(): string {
  const random = randomBytes(40).toString('base64').replaceAll('+', '.').replaceAll('=', '');
  return `$2b$${COST}$${random.slice(0, 53)}`;
}
