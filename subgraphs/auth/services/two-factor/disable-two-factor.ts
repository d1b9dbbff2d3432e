import type { ServiceContext } from '#auth/context.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { requireTwoFactorOn } from './has-two-factor.js';
import { useCode } from './use-code.js';

/** Turns off the caller's second factor. Throws InvalidInput, Conflict when it is off, or as `useCode` does. */
export async function disableTwoFactor(
  context: ServiceContext,
  { password, code }: { password: string; code: string },
): Promise<void> {
  const person = await reauthenticate(context, { password });
  const { id: personId, email } = person;
  await requireTwoFactorOn(context, { personId });
  await useCode(context, {
    person,
    code,
    effect: async (transaction) => {
      await transaction.manager.delete(TwoFactorEntity, { id: personId });
      const mail = twoFactorMail('disabled');
      await queueMail(transaction.manager, { recipient: email, kind: 'two-factor-disabled', ...mail });
      await recordPersonAudit(transaction, { personId, action: 'two-factor.disabled' });
    },
  });
  const { sessionId } = context.identity;
  if (sessionId) await forgetSessions(context, [{ id: sessionId }]);
  await deliverSoon(context.services);
}
