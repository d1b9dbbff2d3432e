import { z } from 'zod';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { newPassword as password, refuseGuessable } from '#auth/services/person/account-input.js';
import { isStillPassword } from '#auth/services/person/current-password.js';
import { wrongPassword } from '#auth/services/person/current-person.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { hashPassword } from '#runtime/passwords/password.js';
import { setPassword } from './set-password.js';

const input = z.object({ currentPassword: z.string(), newPassword: password, code: z.string().nullish() });

/** Replaces the caller's password and ends their other sessions. Throws InvalidInput, and as `confirmCaller` does. */
export async function changePassword(context: ServiceContext, given: z.input<typeof input>): Promise<void> {
  const { currentPassword, newPassword, code } = parseInput(input, given);
  const person = await confirmCaller(context, { password: currentPassword, code, argument: 'currentPassword' });
  await refuseGuessable(person, { argument: 'newPassword', password: newPassword });
  const passwordHash = await hashPassword(context, { password: newPassword });
  const ended = await inTransaction(context, async (transaction) => {
    // A concurrent change by a thief must not win.
    const isStill = await isStillPassword(transaction, { ...person, lock: 'pessimistic_write' });
    if (!isStill) throw wrongPassword('currentPassword');
    const { sessionId: keepSession } = context.identity;
    return setPassword(transaction, { person, passwordHash, how: 'changed', keepSession });
  });
  await forgetSessions(context, ended);
  await deliverSoon(context.services);
}
