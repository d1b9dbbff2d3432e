import type { DataSource } from 'typeorm';
import type { Person } from '#auth/entities/person.js';
import { aboutPerson, recordAudits } from '#auth/services/audit/record-audits.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';

/**
 * Writes down that somebody was not let in: in the trail of every organization of the person, or, where nobody has the
 * address, in the log. Goes on by itself and never throws: an answer that waited for it would tell by its time which
 * addresses have an account.
 */
export function recordRefusal(
  services: Services,
  database: DataSource,
  identity: Identity,
  person: Person | null,
): void {
  if (!person) {
    services.logger.audit({ address: identity.client?.address }, 'A sign-in with an address nobody has was refused');
    return;
  }
  void database
    .transaction(async (manager) => {
      const entries = await aboutPerson(manager, person.id, { action: 'session.refused' });
      await recordAudits(manager, identity, entries);
    })
    .catch((error) => services.logger.warn({ err: error, personId: person.id }, 'A refused sign-in was not recorded'));
}
