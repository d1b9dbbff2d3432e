import type { ServiceContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { passwordFingerprint } from '#auth/services/person/password.js';
import { Unauthenticated } from '#runtime/errors.js';
import { TWO_FACTOR_CHALLENGE_AUDIENCE } from '#runtime/identity/token-audiences.js';

const TTL_SECONDS = 5 * 60;

interface Claims {
  personId: string;
  /** A fingerprint of the password hash. */
  password: string;
}

/** Returns a JWT that proves the password was given, for five minutes. */
export function issueChallenge({ services }: ServiceContext, { person }: { person: Person }): Promise<string> {
  const claims: Claims = { personId: person.id, password: passwordFingerprint(person) };
  return services.internalSigner.signClaims({ ...claims }, TWO_FACTOR_CHALLENGE_AUDIENCE, TTL_SECONDS);
}

/** Returns the person of a challenge. Throws Unauthenticated for an invalid one or a replaced password. */
export async function answerChallenge(
  { services, manager }: ServiceContext,
  { challenge }: { challenge: string },
): Promise<Person> {
  const { personId, password } = await services.internalSigner.verifyClaims<Claims>(
    challenge,
    TWO_FACTOR_CHALLENGE_AUDIENCE,
  );
  const person = await manager.findOneBy(PersonEntity, { id: personId });
  if (!person || passwordFingerprint(person) !== password) throw new Unauthenticated('Log in again.');
  return person;
}
