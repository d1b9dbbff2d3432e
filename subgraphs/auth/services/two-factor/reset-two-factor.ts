import { inTransaction, type ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { TwoFactorEntity } from '#auth/entities/two-factor.js';
import { twoFactorMail } from '#auth/mails/two-factor-mail.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, NotFound, Unauthenticated } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

/**
 * Removes a member's second factor and returns their id. Throws NotFound, Forbidden for a stronger role, and Conflict
 * for a member without one or of another organization as well.
 */
export async function resetTwoFactor(
  context: ServiceContext,
  { userId: personId }: { userId: string },
): Promise<string> {
  const { identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  // A session must not be enough to turn off one's own.
  if (personId.toLowerCase() === identity.userId) throw new Forbidden('For yourself there is disableTwoFactor.');
  await inTransaction(context, async (transaction) => {
    const { manager } = transaction;
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
    await audit(transaction, { organizationId, action: 'two-factor.reset', target });
  });
  await deliverSoon(context.services);
  return personId;
}
