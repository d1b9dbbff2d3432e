import { IsNull, Not } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { PersonEntity } from '#auth/entities/person.js';
import { SessionEntity } from '#auth/entities/session.js';
import { mailKeysLeft } from '#auth/services/api-key/mail-keys-left.js';
import { mailEndpointsLeft } from '#auth/services/webhook/endpoints-of-person.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

/** Returns a membership. Throws NotFound. */
export async function getMembership(
  { manager }: ServiceContext,
  { organizationId, personId }: { organizationId: string; personId: string },
): Promise<Membership> {
  const membership = isRowId(personId) ? await manager.findOneBy(MembershipEntity, { organizationId, personId }) : null;
  if (!membership) throw new NotFound('member');
  return membership;
}

/** Throws Conflict for the only owner of an organization. Call it inside `changeMembers`. */
export async function requireAnotherOwner(
  { manager }: TransactionContext,
  { organizationId, personId, role }: Membership,
): Promise<void> {
  if (role !== 'OWNER') return;
  if (await manager.existsBy(MembershipEntity, { organizationId, personId: Not(personId), role: 'OWNER' })) return;
  throw new Conflict('An organization needs an owner, and this is the last one: make somebody else an owner first.');
}

/** Throws Conflict for a member who is limited to clients: a limit is lifted on purpose, never by another change. */
export function requireNotLimited({ clientIds }: Membership): void {
  if (!clientIds) return;
  throw new Conflict('This member is limited to some clients: lift the limit first (liftMemberLimit).');
}

/**
 * Ends a membership with its sessions, and mails administrators about API keys and webhook endpoints the person created. Call it inside
 * `changeMembers`, and `deliverSoon` and `deliverWebhooksSoon` afterwards.
 */
export async function endMembership(
  transaction: TransactionContext,
  { organizationId, personId }: Membership,
): Promise<void> {
  const { services, manager } = transaction;
  const member = { organizationId, personId };
  await manager.update(SessionEntity, { ...member, revokedAt: IsNull() }, { revokedAt: services.now() });
  await manager.delete(MembershipEntity, member);
  await queueWebhookEvent(manager, {
    organizationId,
    type: 'member.removed',
    data: { userId: personId },
    occurredAt: services.now(),
  });
  const { name } = await manager.findOneByOrFail(PersonEntity, { id: personId });
  await mailKeysLeft(transaction, { ...member, name });
  await mailEndpointsLeft(transaction, { ...member, name });
}
