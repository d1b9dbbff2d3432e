import type { ServiceContext } from '#auth/context.js';
import { PersonEntity } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { notAPerson, requirePerson } from '#auth/services/person/current-person.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { useCode } from './use-code.js';

/**
 * Turns on the caller's second factor with its first code and returns recovery codes. Throws Conflict when none was
 * started, or as `useCode` does.
 */
export async function confirmTwoFactor(context: ServiceContext, { code }: { code: string }): Promise<string[]> {
  const { services, manager, identity } = context;
  const person = await manager.findOneBy(PersonEntity, { id: requirePerson(identity) });
  if (!person) throw notAPerson();
  const { id: personId, email } = person;
  const factor = await manager.findOneBy(TwoFactorEntity, { id: personId });
  if (!factor || factor.confirmedAt) throw new Conflict('There is nothing to confirm: begin with startTwoFactor.');
  let codes: string[] = [];
  await useCode(context, {
    person,
    code,
    effect: async (transaction) => {
      await transaction.manager.update(TwoFactorEntity, { id: personId }, { confirmedAt: services.now() });
      codes = await replaceRecoveryCodes(transaction, { personId });
      const mail = twoFactorMail('enabled');
      await queueMail(transaction.manager, { recipient: email, kind: 'two-factor-enabled', ...mail });
      await recordPersonAudit(transaction, { personId, action: 'two-factor.enabled' });
    },
  });
  // The gateways' cache may still say that it must be set up.
  if (identity.sessionId) await forgetSessions(context, [{ id: identity.sessionId }]);
  await deliverSoon(services);
  return codes;
}
