import type { DataSource } from 'typeorm';
import type { Person } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { reauthenticate } from '#auth/services/person/current-person.js';
import { recordPersonAudit } from '#auth/services/person/record-person-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { requireEnabled } from './current-two-factor.js';
import { useCode } from './use-code.js';

/** Turns the second factor off. Throws InvalidInput for a wrong password, Conflict when it is off, or as `useCode` does. */
export async function disableTwoFactor(
  services: Services,
  database: DataSource,
  identity: Identity,
  { password, code }: { password: string; code: string },
): Promise<Person> {
  const person = await reauthenticate(services, database, identity, password, 'password');
  await requireEnabled(database, person.id);
  await useCode(services, database, identity, {
    person,
    code,
    effect: async (manager) => {
      await manager.delete(TwoFactorEntity, { id: person.id });
      await queueMail(manager, { recipient: person.email, kind: 'two-factor-disabled', ...twoFactorMail('disabled') });
      await recordPersonAudit(manager, identity, person.id, { action: 'two-factor.disabled' });
    },
  });
  if (identity.sessionId) await sessionIdentityCache(services.cache).delete(identity.sessionId);
  await deliverSoon(services);
  return person;
}
