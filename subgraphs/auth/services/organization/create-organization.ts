import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { MembershipEntity } from '#auth/entities/membership.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { actingPerson } from '#auth/services/member/acting-person.js';
import { givenName } from '#auth/services/person/account-input.js';
import { type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { parseInput } from '#runtime/parse-input.js';
import type { Services } from '#runtime/services.js';

/** Each begins with a trial. */
const MAX_OWNED = 20;

const input = z.object({ name: givenName });

/** Creates an organization of the acting person and begins a session in it. Throws InvalidInput, and Conflict for one too many. */
export async function createOrganization(
  services: Services,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<SignedIn> {
  const { userId: personId } = actingPerson(identity);
  const { name } = parseInput(input, given);
  return database.transaction(async (manager) => {
    // Of two at once, the second counts the first.
    await manager.findOneOrFail(PersonEntity, { where: { id: personId }, lock: { mode: 'for_no_key_update' } });
    const owned = await manager.countBy(MembershipEntity, { personId, role: 'OWNER' });
    if (owned >= MAX_OWNED)
      throw new Conflict(`You own ${owned} organizations, and nobody owns more than ${MAX_OWNED}.`);
    const { id: organizationId } = await manager.save(OrganizationEntity, { name });
    await manager.insert(MembershipEntity, { organizationId, personId, role: 'OWNER' });
    const signedIn = await signIn(services, manager, identity, { organizationId, personId });
    const target = { type: 'Organization', id: organizationId };
    const entry = { organizationId, action: 'organization.created', target, after: { name } };
    await recordAudit(manager, identity, entry);
    return signedIn;
  });
}
