import type { DataSource } from 'typeorm';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordPersonAudit } from '#auth/services/person/record-person-audit.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { personBehind } from './current-two-factor.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { useCode } from './use-code.js';

/**
 * Turns the second factor on that was begun, once its first code is right, and returns the recovery codes: they are told
 * only now. Throws as `useCode` does, or Conflict when nothing was begun.
 */
export async function confirmTwoFactor(
  services: Services,
  database: DataSource,
  identity: Identity,
  code: string,
): Promise<string[]> {
  const person = await personBehind(database, identity);
  const factor = await database.manager.findOneBy(TwoFactorEntity, { id: person.id });
  if (!factor || factor.confirmedAt) throw new Conflict('There is nothing to confirm: begin with startTwoFactor.');
  let codes: string[] = [];
  await useCode(services, database, identity, {
    person,
    code,
    effect: async (manager) => {
      await manager.update(TwoFactorEntity, { id: person.id }, { confirmedAt: services.now() });
      codes = await replaceRecoveryCodes(manager, person.id);
      await queueMail(manager, { recipient: person.email, kind: 'two-factor-enabled', ...twoFactorMail('enabled') });
      await recordPersonAudit(manager, identity, person.id, { action: 'two-factor.enabled' });
    },
  });
  // So that a gateway that let them do nothing else learns of it at once.
  if (identity.sessionId) await sessionIdentityCache(services.cache).delete(identity.sessionId);
  await deliverSoon(services);
  return codes;
}
