import { In } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { InvitationEntity } from '#auth/entities/invitation.js';
import { type Membership, MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { END_CONSENTS, type EndedRight } from '#kit/end-consents-job.js';
import { END_MEMBERSHIP, type EndedMembership } from '#kit/end-membership-job.js';
import { reviewSchedulesSoon } from '#kit/review-schedules-job.js';
import { roles } from '#runtime/identity/identity.js';
import { mayInvite } from './acting-person.js';

interface Members {
  organizationId: string;
  personIds: string[];
}

async function rolesOf({ manager }: ServiceContext, { organizationId, personIds }: Members) {
  const members: Membership[] = await manager.findBy(MembershipEntity, { organizationId, personId: In(personIds) });
  return new Map(members.map(({ personId, role }) => [personId, role]));
}

/** Ends the invitations that their inviters could not make any more, with their present role or without one. */
export async function endInvitations(transaction: TransactionContext, members: Members): Promise<void> {
  const { organizationId, personIds } = members;
  if (personIds.length === 0) return;
  const { manager } = transaction;
  const roleOf = await rolesOf(transaction, members);
  const invitations = await manager.findBy(InvitationEntity, { organizationId, invitedBy: In(personIds) });
  for (const { id, email, role, invitedBy } of invitations) {
    if (mayInvite(roleOf.get(invitedBy ?? ''), role)) continue;
    await manager.delete(InvitationEntity, { id, organizationId });
    const target = { type: 'Invitation', id };
    await audit(transaction, { organizationId, action: 'invitation.revoked', target, before: { email, role } });
  }
}

async function endMemberships(context: ServiceContext, members: Members): Promise<void> {
  const { organizationId, personIds } = members;
  const roleOf = await rolesOf(context, members);
  for (const userId of personIds.filter((personId) => !roleOf.has(personId))) {
    const ended: EndedMembership = { key: `${organizationId} ${userId}`, organizationId, userId };
    await context.services.jobs.enqueue(END_MEMBERSHIP, { ...ended });
  }
}

/** Has the private views of those deleted who have left an organization. Call it after the commit. Never rejects. */
export async function endMembershipsSoon(context: ServiceContext, members: Members): Promise<void> {
  if (members.personIds.length === 0) return;
  await endMemberships(context, members).catch((error) =>
    context.services.logger.warn(
      { err: error, ...members },
      'Private views of a former member stay, which are not shown',
    ),
  );
}

async function endConsents(context: ServiceContext, members: Members): Promise<void> {
  const { organizationId, personIds } = members;
  if (personIds.length === 0) return;
  const roleOf = await rolesOf(context, members);
  for (const userId of personIds) {
    const role = roleOf.get(userId);
    if (role && roles.indexOf(role) <= roles.indexOf('ADMIN')) continue;
    const ended: EndedRight = { key: `${organizationId} ${userId}`, organizationId, userId };
    await context.services.jobs.enqueue(END_CONSENTS, { ...ended });
  }
}

/**
 * Has the pending consents of those ended who may not connect providers any more, and report schedules paused whose owners may not order
 * reports. Call it after the commit. Never rejects: the right is checked again when a consent is completed, and before a schedule runs.
 */
export async function endConsentsSoon(context: ServiceContext, members: Members): Promise<void> {
  await endConsents(context, members).catch((error) =>
    context.services.logger.warn({ err: error, ...members }, 'Pending consents could not be ended: they expire'),
  );
  const { organizationId, personIds } = members;
  if (personIds.length > 0) await reviewSchedulesSoon(context.services, { organizationId });
}
