import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Services } from '#runtime/services.js';

const AUDIENCE = 'two-factor-challenge';
const TTL_SECONDS = 5 * 60;

interface Claims {
  personId: string;
  /** Tells whether the password is still the one that was given. */
  password: string;
}

const fingerprintOf = ({ passwordHash }: Person) =>
  createHash('sha256').update(passwordHash).digest('base64url').slice(0, 16);

/** Returns what proves for five minutes that somebody gave the right password of a person. */
export function issueChallenge({ internalSigner }: Services, person: Person): Promise<string> {
  const claims: Claims = { personId: person.id, password: fingerprintOf(person) };
  return internalSigner.signClaims({ ...claims }, AUDIENCE, TTL_SECONDS);
}

/** Returns who gave their password. Throws Unauthenticated when the challenge does not hold (any more). */
export async function answerChallenge(
  { internalSigner }: Services,
  database: DataSource,
  challenge: string,
): Promise<Person> {
  const { personId, password } = await internalSigner.verifyClaims<Claims>(challenge, AUDIENCE);
  const person = await database.manager.findOneBy(PersonEntity, { id: personId });
  if (!person || fingerprintOf(person) !== password) throw new Unauthenticated('Log in again.');
  return person;
}
