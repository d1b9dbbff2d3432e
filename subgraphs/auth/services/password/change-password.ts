import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { newPassword as password, refuseGuessable } from '#auth/services/person/account-input.js';
import { reauthenticate, wrongPassword } from '#auth/services/person/current-person.js';
import { isStillPassword } from '#auth/services/person/is-still-password.js';
import { hashPassword } from '#auth/services/person/password.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';
import { setPassword } from './set-password.js';

const input = z.object({ currentPassword: z.string(), newPassword: password });

/** Gives the person another password and ends their other sessions. Throws InvalidInput. */
export async function changePassword(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<void> {
  const { currentPassword, newPassword } = parseInput(input, given);
  const person = await reauthenticate(services, database, identity, currentPassword, 'currentPassword');
  await refuseGuessable('newPassword', newPassword, person);
  const passwordHash = await hashPassword(newPassword);
  const ended = await database.transaction(async (manager) => {
    // Or a thief who knew it could change it once more while its owner sets another one.
    if (!(await isStillPassword(manager, person, 'pessimistic_write'))) throw wrongPassword('currentPassword');
    return setPassword(manager, identity, {
      person,
      passwordHash,
      how: 'changed',
      keepSession: identity.sessionId,
      now: services.now(),
    });
  });
  await forgetSessions(services, ended);
  await deliverSoon(services);
}
