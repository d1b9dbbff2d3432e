import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { PersonEntity } from '#auth/entities/person.js';
import { asPerson } from '#auth/services/audit/record-audits.js';
import { requireOneTimeToken, useOneTimeToken } from '#auth/services/link/one-time-token.js';
import { newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { hashPassword } from '#auth/services/person/password.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';
import { setPassword } from './set-password.js';

const input = z.object({ token: z.string(), password: newPassword });

/**
 * Gives a person another password for the token that was mailed to them, and ends all their sessions. Throws InvalidInput
 * when the token does not hold, or, leaving it good, when the password will not do.
 */
export async function resetPassword(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<void> {
  const { token, password } = parseInput(input, given);
  const now = services.now();
  const { personId } = await requireOneTimeToken(database.manager, token, 'RESET_PASSWORD', now);
  const known = await database.manager.findOneByOrFail(PersonEntity, { id: personId });
  await refuseGuessable('password', password, known);
  const passwordHash = await hashPassword(password);
  const ended = await database.transaction(async (manager) => {
    const { person, email } = await useOneTimeToken(manager, token, 'RESET_PASSWORD', now);
    // The link has shown that mail to this address reaches them.
    if (!person.emailVerifiedAt) await manager.update(PersonEntity, { id: personId, email }, { emailVerifiedAt: now });
    return setPassword(manager, asPerson(identity, personId), { person, passwordHash, how: 'reset', now });
  });
  await forgetSessions(services, ended);
  await deliverSoon(services);
}
