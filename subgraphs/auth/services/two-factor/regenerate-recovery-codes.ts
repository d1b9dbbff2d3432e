import type { ServiceContext } from '#auth/context.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/audit/record-audits.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { requireTwoFactorOn } from './has-two-factor.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { useCode } from './use-code.js';

const NEWS = 'recovery-codes-replaced';

/** Replaces the caller's recovery codes and returns the new ones. Throws as `disableTwoFactor` does. */
export async function regenerateRecoveryCodes(
  context: ServiceContext,
  { password, code }: { password: string; code: string },
): Promise<string[]> {
  const person = await reauthenticate(context, { password });
  const { id: personId, email } = person;
  await requireTwoFactorOn(context, { personId });
  let codes: string[] = [];
  await useCode(context, {
    person,
    code,
    effect: async (transaction) => {
      codes = await replaceRecoveryCodes(transaction, { personId });
      await queueMail(transaction.manager, { recipient: email, kind: NEWS, ...twoFactorMail(NEWS) });
      await recordPersonAudit(transaction, { personId, action: `two-factor.${NEWS}` });
    },
  });
  await deliverSoon(context.services);
  return codes;
}
