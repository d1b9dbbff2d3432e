import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { SessionEntity } from '#auth/entities/session.js';
import { organizationDeletedMail } from '#auth/mails/deletion-mails.js';
import { forgetApiKeys } from '#auth/services/api-key/forget-api-keys.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import type { Identity } from '#runtime/identity/identity.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';

interface FormerMember {
  id: string;
  email: string;
  /** Whether they belong to another organization, and stay. */
  hasOthers: boolean;
}

/** Whom WebMetrics itself acts for when it erases. */
export const eraser = (organizationId: string): Identity => ({
  kind: 'service',
  organizationId,
  scopes: [],
  requestId: randomUUID(),
});

/** Locked, so that nobody joins another organization while it is decided whether they stay. */
function lockMembers(manager: EntityManager, organizationId: string): Promise<FormerMember[]> {
  return manager.query<FormerMember[]>(
    `SELECT p.id, p.email, EXISTS (
       SELECT FROM auth.membership AS other WHERE other.person_id = p.id AND other.organization_id <> $1) AS "hasOthers"
     FROM auth.membership AS m JOIN auth.person AS p ON p.id = m.person_id
     WHERE m.organization_id = $1 ORDER BY p.id FOR UPDATE OF p`,
    [organizationId],
  );
}

async function deletePeople(manager: EntityManager, people: FormerMember[]): Promise<void> {
  const addresses = people.map(({ email }) => email);
  await manager.query('DELETE FROM operations.mail WHERE lower(recipient) IN (SELECT lower(unnest($1::text[])))', [
    addresses,
  ]);
  await manager.query('DELETE FROM auth.person WHERE id = ANY ($1::uuid[])', [people.map(({ id }) => id)]);
}

/**
 * Closes an organization whose grace has run out: nobody belongs to it any more, nothing signs anybody in to it, and who
 * belonged to no other is deleted. All of it at once or nothing; closed twice is closed. Until the rest is erased, its row
 * stays as the mark of what is left to do.
 */
export async function closeOrganization(
  services: Services,
  database: DataSource,
  organizationId: string,
): Promise<void> {
  const now = services.now();
  const ended = await database.transaction(async (manager) => {
    const organization = await manager.findOne(OrganizationEntity, {
      where: { id: organizationId },
      lock: { mode: 'for_no_key_update' },
    });
    // Called off, or closed by somebody else, since it was found to be due.
    if (!organization?.deletionAt || organization.deletionAt > now || organization.closedAt) return;
    const sessions = await manager.find(SessionEntity, { where: { organizationId }, select: { id: true } });
    const secrets = await manager.find(ApiKeySecretEntity, { where: { organizationId }, select: { hash: true } });
    const members = await lockMembers(manager, organizationId);
    await eraseRows(manager, { schema: 'auth', organizationId });
    await deletePeople(
      manager,
      members.filter(({ hasOthers }) => !hasOthers),
    );
    await manager.update(OrganizationEntity, { id: organizationId }, { closedAt: now, name: 'Deleted organization' });
    for (const { id, email, hasOthers } of members) {
      const mail = organizationDeletedMail({ organizationName: organization.name, isAccountDeleted: !hasOthers });
      // Without the organization's id: this one is to outlive it.
      const key = `organization-deleted ${organizationId} ${id}`;
      await queueMail(manager, { ...mail, recipient: email, kind: 'organization-deletion', key });
    }
    const target = { type: 'Organization', id: organizationId };
    await recordAudit(manager, eraser(organizationId), { organizationId, action: 'organization.closed', target });
    return { sessions, secrets };
  });
  if (!ended) return;
  const remembered = sessionIdentityCache(services.cache);
  await Promise.all(ended.sessions.map(({ id }) => remembered.delete(id)));
  await forgetApiKeys(
    services,
    ended.secrets.map(({ hash }) => hash),
  );
  await deliverSoon(services);
}
