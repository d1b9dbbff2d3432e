import type { DataSource } from 'typeorm';
import type { Identity } from '../../../ops/runtime/identity.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import type { Person } from '../entities/person.js';
import { recordPersonAudit } from './record-person-audit.js';

/**
 * Writes down that somebody was not let in: in the trail of every organization of the person, or, where nobody has the
 * address, in the log. Goes on by itself and never throws: an answer that waited for it would tell by its time which
 * addresses have an account.
 */
export function recordRefusal(runtime: Runtime, database: DataSource, identity: Identity, person: Person | null): void {
  if (!person) {
    runtime.logger.audit({ address: identity.client?.address }, 'A sign-in with an address nobody has was refused');
    return;
  }
  void database
    .transaction((manager) => recordPersonAudit(manager, identity, person.id, { action: 'session.refused' }))
    .catch((error) => runtime.logger.warn({ err: error, personId: person.id }, 'A refused sign-in was not recorded'));
}
