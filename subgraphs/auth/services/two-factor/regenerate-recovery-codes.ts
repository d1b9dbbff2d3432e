import type { DataSource } from 'typeorm';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { recordPersonAudit } from '#auth/services/person/record-person-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { requireEnabled } from './current-two-factor.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { useCode } from './use-code.js';

/** Returns new recovery codes in place of the ones before. Throws as `disableTwoFactor` does. */
export async function regenerateRecoveryCodes(
  services: Services,
  database: DataSource,
  identity: Identity,
  { password, code }: { password: string; code: string },
): Promise<string[]> {
  const person = await reauthenticate(services, database, identity, password, 'password');
  await requireEnabled(database, person.id);
  let codes: string[] = [];
  await useCode(services, database, identity, {
    person,
    code,
    effect: async (manager) => {
      codes = await replaceRecoveryCodes(manager, person.id);
      const mail = twoFactorMail('recovery-codes-replaced');
      await queueMail(manager, { recipient: person.email, kind: 'recovery-codes-replaced', ...mail });
      await recordPersonAudit(manager, identity, person.id, { action: 'two-factor.recovery-codes-replaced' });
    },
  });
  await deliverSoon(services);
  return codes;
}
