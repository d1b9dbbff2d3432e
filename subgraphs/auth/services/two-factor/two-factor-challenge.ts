import { randomUUID } from 'node:crypto';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { passwordFingerprint } from '#auth/services/person/current-password.js';
import { Unauthenticated } from '#runtime/errors.js';
import { TWO_FACTOR_CHALLENGE_AUDIENCE } from '#runtime/identity/token-audiences.js';

const TTL_SECONDS = 5 * 60;

interface Claims {
  jti: string;
  personId: string;
  /** A fingerprint of the password hash. */
  password: string;
}

/** A challenge that can still be answered. */
export interface OpenChallenge {
  person: Person;
  /** Uses it up. Throws Unauthenticated when it was used meanwhile. */
  spend(transaction: TransactionContext): Promise<void>;
}

const refused = () => new Unauthenticated('Log in again.');

/** Returns a JWT that proves the password was given, for five minutes and one sign-in. */
export function issueChallenge({ services }: ServiceContext, { person }: { person: Person }): Promise<string> {
  const claims: Claims = { jti: randomUUID(), personId: person.id, password: passwordFingerprint(person) };
  return services.internalSigner.signClaims({ ...claims }, TWO_FACTOR_CHALLENGE_AUDIENCE, TTL_SECONDS);
}

/** Returns an open challenge. Throws Unauthenticated for an invalid or used one, or a replaced password. */
export async function readChallenge(
  { services, manager }: ServiceContext,
  { challenge }: { challenge: string },
): Promise<OpenChallenge> {
  const { jti, personId, password } = await services.internalSigner.verifyClaims<Claims>(
    challenge,
    TWO_FACTOR_CHALLENGE_AUDIENCE,
  );
  const person = await manager.findOneBy(PersonEntity, { id: personId });
  if (!person || passwordFingerprint(person) !== password) throw refused();
  // A used one must not use up a code, nor count a wrong one.
  const used = await manager.query<unknown[]>('SELECT FROM auth.used_challenge WHERE id = $1', [jti]);
  if (used.length > 0) throw refused();
  return {
    person,
    spend: async (transaction) => {
      const expiresAt = new Date(services.now().getTime() + TTL_SECONDS * 1000);
      const rows = await transaction.manager.query<unknown[]>(
        `INSERT INTO auth.used_challenge (id, person_id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING RETURNING id`,
        [jti, personId, expiresAt],
      );
      if (rows.length === 0) throw refused();
    },
  };
}
