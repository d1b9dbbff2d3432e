import { type DataSource, LessThan } from 'typeorm';
import { type Invitation, InvitationEntity } from '#auth/entities/invitation.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import type { Person } from '#auth/entities/person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { findPersonByEmail } from '#auth/services/person/find-person.js';
import { isPassword } from '#auth/services/person/password.js';
import { recordRefusal } from '#auth/services/person/record-refusal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict, Forbidden, InvalidInput, Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { createInvitedPerson, type NewPerson, prepareInvitedPerson } from './create-invited-person.js';
import { getInvitationByToken, invalidInvitation, MAX_WRONG_PASSWORDS } from './get-invitation-by-token.js';

export interface Acceptance {
  token: string;
  /** Of a person who has no account yet. */
  name?: string | null;
  /** Of the account, or for a new one. */
  password?: string | null;
}

export interface Accepted {
  organizationId: string;
  organizationName: string;
  email: string;
}

/** Has somebody who is not signed in show that the account of the invited address is theirs. */
async function requireOwnAccount(
  services: Services,
  database: DataSource,
  identity: Identity,
  { id, email }: Invitation,
  person: Person,
  password: string | null | undefined,
): Promise<void> {
  if (!password) throw new Unauthenticated(`${email} has an account: log in with it, or give its password.`);
  // Counted before it is looked at: many at once must not have more tries than one after the other.
  const isLeft = { id, wrongPasswords: LessThan(MAX_WRONG_PASSWORDS) };
  const { affected } = await database.manager.increment(InvitationEntity, isLeft, 'wrongPasswords', 1);
  if (!affected) throw invalidInvitation();
  if (await isPassword(password, person.passwordHash)) return;
  recordRefusal(services, database, identity, person);
  throw new InvalidInput([{ argument: 'password', problem: `is not the password of ${email}` }]);
}

/** Returns who accepts: a person there is already, or what it takes to create them. */
async function acceptorOf(
  services: Services,
  database: DataSource,
  identity: Identity,
  invitation: Invitation,
  given: Acceptance,
): Promise<Person | NewPerson> {
  const { kind, userId } = identity;
  const person = await findPersonByEmail(database.manager, invitation.email);
  if (kind === 'user') {
    if (person && person.id === userId) return person;
    throw new Forbidden(`This invitation is for ${invitation.email}: log out, or log in with that address.`);
  }
  if (kind !== 'anonymous') throw new Forbidden('Only a person can accept an invitation.');
  if (!person) return prepareInvitedPerson(invitation.email, given);
  await requireOwnAccount(services, database, identity, invitation, person, given.password);
  return person;
}

/**
 * Makes whoever has the link of an invitation, and is whom it was sent to, a member. Throws InvalidInput for a link that
 * does not hold (any more), Unauthenticated when the address has an account and nothing shows that it is theirs, and
 * Forbidden for somebody who is signed in with another address.
 */
export async function acceptInvitation(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: Acceptance,
): Promise<Accepted> {
  const invitation = await getInvitationByToken(database.manager, given.token, services.now());
  const acceptor = await acceptorOf(services, database, identity, invitation, given);
  const { id, organizationId, email, role, tokenHash } = invitation;
  const change = { organizationId, personIds: [] };
  try {
    return await changeMembers(services, database, change, async (manager, organization) => {
      // Once: whoever comes second, or after it was revoked or sent again, finds nothing to delete.
      const { affected } = await manager.delete(InvitationEntity, { id, organizationId, tokenHash });
      if (!affected) throw invalidInvitation();
      const person = 'id' in acceptor ? acceptor : await createInvitedPerson(manager, email, acceptor, services.now());
      const membership = { organizationId, personId: person.id, role };
      await manager.createQueryBuilder().insert().into(MembershipEntity).values(membership).orIgnore().execute();
      const target = { type: 'User', id: person.id };
      const acting: Identity = { ...identity, kind: 'user', userId: person.id };
      const entry = { organizationId, action: 'invitation.accepted', target, after: { email, role } };
      await recordAudit(manager, acting, entry);
      return { organizationId, organizationName: organization.name, email: person.email };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Conflict('This address has an account since a moment ago: try again.');
    throw error;
  }
}
