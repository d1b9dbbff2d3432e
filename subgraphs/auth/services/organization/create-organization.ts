import { z } from 'zod';
import { inTransaction, type ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { givenName } from '#auth/services/person/account-input.js';
import { requirePerson } from '#auth/services/person/current-person.js';
import { ownSessionEnd, type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { beginFree, beginTrial } from '#runtime/entitlements/entitlements.js';
import { Conflict } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';

/** Each may use what the plan Free includes. */
const MAX_OWNED = 20;

const input = z.object({ name: givenName });

/**
 * Creates an organization of the caller and begins a session in it: with a trial when the caller has had none, else with the plan Free. Throws InvalidInput and Conflict.
 */
export async function createOrganization(context: ServiceContext, given: z.input<typeof input>): Promise<SignedIn> {
  const personId = requirePerson(context.identity);
  const { name } = parseInput(input, given);
  return inTransaction(context, async (transaction) => {
    const { manager } = transaction;
    // Locked, so that concurrent organizations are counted.
    const lock = { mode: 'for_no_key_update' } as const;
    const { trialBeganAt } = await manager.findOneOrFail(PersonEntity, { where: { id: personId }, lock });
    const owned = await manager.countBy(MembershipEntity, { personId, role: 'OWNER' });
    if (owned >= MAX_OWNED) {
      throw new Conflict(`You own ${owned} organizations, and nobody owns more than ${MAX_OWNED}.`);
    }
    const createdAt = context.services.now();
    const { id: organizationId } = await manager.save(OrganizationEntity, { name, createdAt });
    if (trialBeganAt) await beginFree(manager, { organizationId, now: createdAt });
    else {
      await beginTrial(manager, { organizationId, now: createdAt });
      await manager.update(PersonEntity, { id: personId }, { trialBeganAt: createdAt });
    }
    await manager.insert(MembershipEntity, { organizationId, personId, role: 'OWNER' });
    const signedIn = await signIn(transaction, { organizationId, personId, endsAt: await ownSessionEnd(transaction) });
    const target = { type: 'Organization', id: organizationId };
    await audit(transaction, { organizationId, action: 'organization.created', target, after: { name } });
    return signedIn;
  });
}
