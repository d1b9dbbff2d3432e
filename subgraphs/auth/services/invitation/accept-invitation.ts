import { LessThan } from 'typeorm';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import type { Person } from '#auth/entities/person.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { countMembers } from '#auth/services/member/count-members.js';
import { findPersonByEmail } from '#auth/services/person/addresses.js';
import { recordRefusal } from '#auth/services/person/record-refusal.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { Conflict, Forbidden, InvalidInput, Unauthenticated } from '#runtime/errors.js';
import { isPassword } from '#runtime/passwords/password.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { createInvitedPerson, type NewPerson, prepareInvitedPerson } from './create-invited-person.js';
import { getInvitationByToken, invalidInvitation, isStillGranted, MAX_WRONG_PASSWORDS } from './find-invitations.js';

export interface Acceptance {
  token: string;
  /** For a new account. */
  name?: string | null;
  /** Of the existing or the new account. */
  password?: string | null;
}

export interface Accepted {
  organizationId: string;
  organizationName: string;
  email: string;
}

/** Checks the password of the invited person's account. */
async function requireOwnAccount(
  context: ServiceContext,
  { invitation, person, password }: { invitation: Invitation; person: Person; password?: string | null },
): Promise<void> {
  const { id, email } = invitation;
  if (!password) throw new Unauthenticated(`${email} has an account: log in with it, or give its password.`);
  // Counted before the comparison, against concurrent attempts.
  const isLeft = { id, wrongPasswords: LessThan(MAX_WRONG_PASSWORDS) };
  const { affected } = await context.manager.increment(InvitationEntity, isLeft, 'wrongPasswords', 1);
  if (!affected) throw invalidInvitation();
  if (await isPassword(context, { password, passwordHash: person.passwordHash })) return;
  recordRefusal(context, { person });
  throw new InvalidInput([{ argument: 'password', problem: `is not the password of ${email}` }]);
}

/** Returns the person who accepts, or the account to create for them. */
async function acceptorOf(
  context: ServiceContext,
  { invitation, given }: { invitation: Invitation; given: Acceptance },
): Promise<Person | NewPerson> {
  const { kind, userId } = context.identity;
  const { email } = invitation;
  const person = await findPersonByEmail(context, email);
  if (kind === 'user') {
    if (person && person.id === userId) return person;
    throw new Forbidden(`This invitation is for ${email}: log out, or log in with that address.`);
  }
  if (kind !== 'anonymous') throw new Forbidden('Only a person can accept an invitation.');
  if (!person) return prepareInvitedPerson(context, { ...given, email });
  await requireOwnAccount(context, { invitation, person, password: given.password });
  return person;
}

/** Replaces an invitation by the membership. */
async function join(
  transaction: TransactionContext,
  { invitation, acceptor }: { invitation: Invitation; acceptor: Person | NewPerson },
): Promise<Person> {
  const { manager, identity } = transaction;
  const { id, organizationId, email, role, clientIds, tokenHash } = invitation;
  // Deleted by a concurrent acceptance, revocation or renewal.
  const { affected } = await manager.delete(InvitationEntity, { id, organizationId, tokenHash });
  if (!affected || !(await isStillGranted(transaction, invitation))) throw invalidInvitation();
  const person = 'id' in acceptor ? acceptor : await createInvitedPerson(transaction, acceptor);
  const membership = { organizationId, personId: person.id, role, clientIds };
  const isMember = await manager.existsBy(MembershipEntity, { organizationId, personId: person.id });
  if (!isMember) {
    // The plan may include fewer members than when it was sent.
    await requireWithinLimit(manager, transaction.services, {
      organizationId,
      limit: 'MEMBERS',
      count: () => countMembers(transaction, { organizationId }),
    });
    await manager.insert(MembershipEntity, membership);
    const data = { userId: person.id, role };
    const occurredAt = transaction.services.now();
    await queueWebhookEvent(manager, { organizationId, type: 'member.joined', data, occurredAt });
  }
  await audit(
    { ...transaction, identity: { ...identity, kind: 'user', userId: person.id } },
    {
      organizationId,
      action: 'invitation.accepted',
      target: { type: 'User', id: person.id },
      after: { email, role, ...(clientIds && { clientIds }) },
    },
  );
  return person;
}

/**
 * Makes the invited person a member. Throws InvalidInput for an invalid token, Unauthenticated when the account's
 * password is needed, Forbidden for a person with another address, and LimitReached when the plan includes no more members.
 */
export async function acceptInvitation(context: ServiceContext, given: Acceptance): Promise<Accepted> {
  const invitation = await getInvitationByToken(context, given);
  const acceptor = await acceptorOf(context, { invitation, given });
  const { organizationId } = invitation;
  try {
    const accepted = await changeMembers(context, {
      organizationId,
      change: async (transaction, organization) => {
        const { email } = await join(transaction, { invitation, acceptor });
        return { organizationId, organizationName: organization.name, email };
      },
    });
    await deliverWebhooksSoon(context.services);
    return accepted;
  } catch (error) {
    if (isUniqueViolation(error)) throw new Conflict('This address has an account since a moment ago: try again.');
    throw error;
  }
}
