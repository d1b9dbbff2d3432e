import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { ApiKeySecretEntity } from '#auth/entities/api-key-secret.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { SessionEntity } from '#auth/entities/session.js';
import { organizationDeletedMail } from '#auth/mails/deletion-mails.js';
import { forgetApiKeys } from '#auth/services/api-key/issued-api-key.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { forgetCreator } from '#auth/services/webhook/endpoints-of-person.js';
import { eraseRows } from '#runtime/database/erase-rows.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';

interface FormerMember {
  id: string;
  email: string;
  /** Whether they keep their account for another organization. */
  hasOthers: boolean;
}

/** Locked, so that `hasOthers` cannot change. */
function lockMembers({ manager }: TransactionContext, organizationId: string): Promise<FormerMember[]> {
  return manager.query<FormerMember[]>(
    `SELECT p.id, p.email, EXISTS (
       SELECT FROM auth.membership AS other WHERE other.person_id = p.id AND other.organization_id <> $1) AS "hasOthers"
     FROM auth.membership AS m JOIN auth.person AS p ON p.id = m.person_id
     WHERE m.organization_id = $1 ORDER BY p.id FOR UPDATE OF p`,
    [organizationId],
  );
}

async function deletePeople(transaction: TransactionContext, people: FormerMember[]): Promise<void> {
  const { manager } = transaction;
  const personIds = people.map(({ id }) => id);
  const addresses = people.map(({ email }) => email);
  await manager.query('DELETE FROM operations.mail WHERE lower(recipient) IN (SELECT lower(unnest($1::text[])))', [
    addresses,
  ]);
  await forgetCreator(transaction, { personIds });
  await manager.query('DELETE FROM auth.person WHERE id = ANY ($1::uuid[])', [personIds]);
}

/** Returns the ended sessions and secrets; undefined when it is not due, or closed already. */
async function close(transaction: TransactionContext, { organizationId }: { organizationId: string }) {
  const { services, manager } = transaction;
  const now = services.now();
  const lock = { mode: 'for_no_key_update' } as const;
  const organization = await manager.findOne(OrganizationEntity, { where: { id: organizationId }, lock });
  if (!organization?.deletionAt || organization.deletionAt > now || organization.closedAt) return undefined;
  const sessions = await manager.find(SessionEntity, { where: { organizationId }, select: { id: true } });
  const secrets = await manager.find(ApiKeySecretEntity, { where: { organizationId }, select: { hash: true } });
  const members = await lockMembers(transaction, organizationId);
  await eraseRows(manager, { schema: 'auth', organizationId });
  await manager.query('DELETE FROM operations.webhook_endpoint WHERE organization_id = $1', [organizationId]);
  await deletePeople(
    transaction,
    members.filter(({ hasOthers }) => !hasOthers),
  );
  await manager.update(OrganizationEntity, { id: organizationId }, { closedAt: now, name: 'Deleted organization' });
  for (const { id, email, hasOthers } of members) {
    const mail = organizationDeletedMail({ organizationName: organization.name, isAccountDeleted: !hasOthers });
    // Without `organizationId`, whose mails are erased with it.
    const key = `organization-deleted ${organizationId} ${id}`;
    await queueMail(manager, { ...mail, recipient: email, kind: 'organization-deletion', key });
  }
  const target = { type: 'Organization', id: organizationId };
  await audit(transaction, { organizationId, action: 'organization.closed', target });
  return { sessions, hashes: secrets.map(({ hash }) => hash) };
}

/**
 * Closes a due organization in one transaction: memberships, sessions, keys and webhooks end, and accounts without another
 * organization are deleted. Repeatable.
 */
export async function closeOrganization(
  context: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const ended = await inTransaction(context, (transaction) => close(transaction, { organizationId }));
  if (!ended) return;
  await forgetSessions(context, ended.sessions);
  await forgetApiKeys(context, ended);
  await deliverSoon(context.services);
}
