import { type DataSource, type EntityManager, In } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { SessionEntity } from '#auth/entities/session.js';
import { NotFound } from '#runtime/errors.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import type { Services } from '#runtime/services.js';

/** Has gateways ask again whom the sessions of these people in an organization stand for. */
async function forgetSessionIdentities(
  { cache }: Services,
  database: DataSource,
  organizationId: string,
  personIds: string[],
): Promise<void> {
  const where = { organizationId, personId: In(personIds) };
  const sessions = await database.manager.find(SessionEntity, { where, select: { id: true } });
  const remembered = sessionIdentityCache(cache);
  await Promise.all(sessions.map(({ id }) => remembered.delete(id)));
}

/**
 * Runs a change of who belongs to an organization, or as what, while nobody else changes that: of two owners who demote
 * each other at once, the second finds that he is none any more. It counts at once for the sessions of `personIds`.
 * Throws NotFound when the organization is gone.
 */
export async function changeMembers<Result>(
  services: Services,
  database: DataSource,
  { organizationId, personIds }: { organizationId: string; personIds: string[] },
  change: (manager: EntityManager, organization: Organization) => Promise<Result>,
): Promise<Result> {
  const result = await database.transaction(async (manager) => {
    const organization = await manager.findOne(OrganizationEntity, {
      where: { id: organizationId },
      // Leaves sessions be begun in it, which lock the membership first: each would wait for the other.
      lock: { mode: 'for_no_key_update' },
    });
    if (!organization) throw new NotFound('organization');
    return change(manager, organization);
  });
  await forgetSessionIdentities(services, database, organizationId, personIds);
  return result;
}
