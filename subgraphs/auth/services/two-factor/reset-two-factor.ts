import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, NotFound, Unauthenticated } from '#runtime/errors.js';
import { hasRole, type Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

/**
 * Removes the second factor of a member who lost it. Throws NotFound, Forbidden for somebody whose role is stronger than
 * one's own, and Conflict for somebody who has none, or who belongs to another organization, too: what protects them there
 * is not ours to remove.
 */
export async function resetTwoFactor(
  services: Services,
  database: DataSource,
  identity: Identity,
  personId: string,
): Promise<string> {
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  // Turning off one's own takes the password and a code: an open session is not enough.
  if (personId.toLowerCase() === identity.userId) throw new Forbidden('For yourself there is disableTwoFactor.');
  await database.transaction(async (manager) => {
    const memberships = isRowId(personId) ? await manager.findBy(MembershipEntity, { personId }) : [];
    const membership = memberships.find((candidate) => candidate.organizationId === organizationId);
    if (!membership) throw new NotFound('member');
    if (!hasRole(identity, membership.role)) throw new Forbidden(`This needs the role ${membership.role}.`);
    if (memberships.length > 1) {
      throw new Conflict('They belong to another organization, too: they need one of their recovery codes.');
    }
    const { affected } = await manager.delete(TwoFactorEntity, { id: personId });
    if (!affected) throw new Conflict('Their two-factor sign-in is not on.');
    const { email } = await manager.findOneByOrFail(PersonEntity, { id: personId });
    await queueMail(manager, { recipient: email, kind: 'two-factor-reset', organizationId, ...twoFactorMail('reset') });
    const target = { type: 'User', id: personId };
    await recordAudit(manager, identity, { organizationId, action: 'two-factor.reset', target });
  });
  await deliverSoon(services);
  return personId;
}
