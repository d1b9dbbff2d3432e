import { z } from 'zod';
import { actingAs, inTransaction, type ServiceContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import { forgetApiKeys } from '#auth/services/api-key/issued-api-key.js';
import { requireOneTimeToken, useOneTimeToken } from '#auth/services/link/one-time-token.js';
import { newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { parseInput } from '#runtime/parse-input.js';
import { hashPassword } from '#runtime/passwords/password.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { clearSetUp } from './clear-set-up.js';
import { setPassword } from './set-password.js';

const input = z.object({ token: z.string(), password: newPassword });

/**
 * Replaces a person's password for a mailed token, and ends all their sessions. On an address that was not confirmed before,
 * it clears second factor and API keys as well. Throws InvalidInput.
 */
export async function resetPassword(context: ServiceContext, given: z.input<typeof input>): Promise<void> {
  const { token, password } = parseInput(input, given);
  const bearer = { token, purpose: 'RESET_PASSWORD' } as const;
  const { personId } = await requireOneTimeToken(context, bearer);
  const known = await context.manager.findOneByOrFail(PersonEntity, { id: personId });
  await refuseGuessable(known, { argument: 'password', password });
  const passwordHash = await hashPassword(context, { password });
  const { ended, hashes } = await inTransaction(context, async (transaction) => {
    const { services, manager } = transaction;
    const { person, email } = await useOneTimeToken(transaction, bearer);
    const owner = actingAs(transaction, { userId: personId });
    let cleared: Awaited<ReturnType<typeof clearSetUp>> = { entries: [], hashes: [] };
    if (!person.emailVerifiedAt) {
      // The token came by mail.
      await manager.update(PersonEntity, { id: personId, email }, { emailVerifiedAt: services.now() });
      cleared = await clearSetUp(owner, { personId });
    }
    const { entries, hashes } = cleared;
    return { hashes, ended: await setPassword(owner, { person, passwordHash, how: 'reset', entries }) };
  });
  await forgetSessions(context, ended);
  await forgetApiKeys(context, { hashes });
  await deliverSoon(context.services);
  await deliverWebhooksSoon(context.services);
}
