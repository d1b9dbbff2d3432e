import type { ServiceContext } from '#auth/context.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { Conflict } from '#runtime/errors.js';
import { newTotpSecret, totpUri, twoFactorOwner } from './totp.js';

/**
 * Starts the caller's second factor, until `confirmTwoFactor`, and returns its secret. Throws InvalidInput, or Conflict
 * when it is on.
 */
export async function startTwoFactor(
  context: ServiceContext,
  { password }: { password: string },
): Promise<{ secret: string; uri: string }> {
  const { services, manager } = context;
  const person = await reauthenticate(context, { password });
  const secret = newTotpSecret();
  const rows = await manager.query<unknown[]>(
    `INSERT INTO auth.two_factor (id, secret) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, last_step = 0, failures_in_row = 0 WHERE two_factor.confirmed_at IS NULL
     RETURNING id`,
    [person.id, services.sealer.seal(secret, twoFactorOwner(person.id))],
  );
  if (rows.length === 0) throw new Conflict('Two-factor sign-in is on already: turn it off to set up another device.');
  return { secret, uri: totpUri(secret, person.email) };
}
