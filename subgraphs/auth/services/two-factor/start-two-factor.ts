import type { DataSource } from 'typeorm';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { newTotpSecret, totpUri } from './totp.js';
import { twoFactorOwner } from './two-factor-seal.js';

/**
 * Begins to set up a second factor: returns what to put into an authenticator app. It counts once `confirmTwoFactor` was
 * given a code; until then it can be begun anew. Throws InvalidInput, or Conflict when there is one already.
 */
export async function startTwoFactor(
  services: Services,
  database: DataSource,
  identity: Identity,
  password: string,
): Promise<{ secret: string; uri: string }> {
  const person = await reauthenticate(services, database, identity, password, 'password');
  const secret = newTotpSecret();
  const rows = await database.query<unknown[]>(
    `INSERT INTO auth.two_factor (id, secret) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE two_factor.confirmed_at IS NULL
     RETURNING id`,
    [person.id, services.sealer.seal(secret, twoFactorOwner(person.id))],
  );
  if (rows.length === 0) throw new Conflict('Two-factor sign-in is on already: turn it off to set up another device.');
  return { secret, uri: totpUri(secret, person.email) };
}
