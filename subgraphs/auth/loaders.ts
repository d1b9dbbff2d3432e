import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import { type DataSource, In, IsNull, Not } from 'typeorm';
import { columnsOf, prefixed } from '#runtime/database/columns-of.js';
import { isRowId } from '#runtime/database/database.js';
import { prepared } from '#runtime/database/prepared-statements.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import { listWebhookAttempts, type WebhookAttempt } from '#runtime/webhooks/deliveries.js';
import { listWebhookEndpoints, type WebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import { type ApiKeySecret, ApiKeySecretEntity } from './entities/api-key-secret.js';
import { type Organization, OrganizationEntity } from './entities/organization.js';
import { type Person, PersonEntity } from './entities/person.js';
import { type SessionRefresh, SessionRefreshEntity } from './entities/session-refresh.js';
import { TwoFactorEntity } from './entities/two-factor.js';

/** A person as a member of one organization; without a role as themselves, when they belong to none. */
export type Member = Omit<Person, 'passwordHash'> & { role: Role | null };

const PERSON = columnsOf(PersonEntity, { alias: 'person', omitted: ['passwordHash'] });

const MEMBERS = prepared(`
  SELECT ${PERSON}, membership.role FROM auth.membership JOIN auth.person ON person.id = membership.person_id
  WHERE membership.organization_id = $1 AND membership.person_id = ANY ($2::uuid[])`);

/** The member with the organization, as most operations ask for both. */
const MEMBER_AND_ORGANIZATION = prepared(`
  SELECT ${PERSON}, membership.role, ${columnsOf(OrganizationEntity, { alias: 'organization', prefix: 'organization.' })}
  FROM auth.membership JOIN auth.person ON person.id = membership.person_id
    JOIN auth.organization ON organization.id = membership.organization_id
  WHERE membership.organization_id = $1 AND membership.person_id = $2`);

const ORGANIZATION = prepared(
  `SELECT ${columnsOf(OrganizationEntity, { alias: 'organization' })} FROM auth.organization WHERE id = $1`,
);

/**
 * Loads members of the identity's organization, or only the caller who belongs to none or is limited to some clients; any
 * other person is null. The caller is read with the organization, where that is to be loaded by `organizations`.
 */
export function personById(
  database: DataSource,
  { kind, userId, organizationId, clientIds }: Pick<Identity, 'kind' | 'userId' | 'organizationId' | 'clientIds'>,
  organizations?: DataLoader<string, Organization | null>,
): DataLoader<string, Member | null> {
  async function readMembers(personIds: string[]): Promise<Member[]> {
    const isCaller = personIds.length === 1 && personIds[0] === userId;
    if (!organizations || !isCaller) return database.query<Member[]>(MEMBERS, [organizationId, personIds]);
    const rows = await database.query<(Member & Record<string, unknown>)[]>(MEMBER_AND_ORGANIZATION, [
      organizationId,
      userId,
    ]);
    for (const row of rows) {
      const organization = prefixed<Organization>(row, 'organization.');
      organizations.prime(organization.id, organization);
    }
    return rows;
  }
  return new DataLoader(async (ids): Promise<(Member | null)[]> => {
    const personIds = ids.filter((id) => isRowId(id) && (!clientIds || id === userId));
    if (!organizationId) {
      const isSelf = kind === 'user' && userId !== undefined && personIds.includes(userId);
      const self = isSelf ? await database.manager.findOneBy(PersonEntity, { id: userId }) : null;
      return ids.map((id) => (self && id === userId ? { ...self, role: null } : null));
    }
    if (personIds.length === 0) return ids.map(() => null);
    const members = new Map((await readMembers(personIds)).map((member) => [member.id, member]));
    return ids.map((id) => members.get(id) ?? null);
  });
}

/** Loads whether people sign in with a second factor. */
export function hasTwoFactorById(database: DataSource): DataLoader<string, boolean> {
  return new DataLoader(async (ids) => {
    const confirmed = await database.manager.find(TwoFactorEntity, {
      select: { id: true },
      where: { id: In([...ids]), confirmedAt: Not(IsNull()) },
    });
    const personIds = new Set(confirmed.map(({ id }) => id));
    return ids.map((id) => personIds.has(id));
  });
}

/** Loads people's names, whether or not they are members. */
export function nameById(database: DataSource): DataLoader<string, string | null> {
  return new DataLoader(async (ids) => {
    const people = await database.manager.find(PersonEntity, {
      select: { id: true, name: true },
      where: { id: In(ids.filter(isRowId)) },
    });
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return ids.map((id) => names.get(id.toLowerCase()) ?? null);
  });
}

/** Loads the identity's organization; any other is null. */
export function organizationById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Organization | null> {
  return new DataLoader(async (ids) => {
    const [own = null] = organizationId ? await database.query<Organization[]>(ORGANIZATION, [organizationId]) : [];
    return ids.map((id) => (id === own?.id ? own : null));
  });
}

/** Loads the refreshes of sessions by origin, the latest first. */
export function refreshesBySession(database: DataSource): DataLoader<string, SessionRefresh[]> {
  return new DataLoader(async (ids) => {
    const where = { sessionId: In([...ids]) };
    const refreshes = await database.manager.find(SessionRefreshEntity, { where, order: { lastAt: 'DESC' } });
    return ids.map((id) => refreshes.filter(({ sessionId }) => sessionId === id));
  });
}

/** Loads the secrets of keys of one organization, the newest first. */
export function secretsByApiKey(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, ApiKeySecret[]> {
  return new DataLoader(async (ids) => {
    if (!organizationId) return ids.map(() => []);
    const where = { organizationId, apiKeyId: In([...ids]) };
    const secrets = await database.manager.find(ApiKeySecretEntity, { where, order: { createdAt: 'DESC' } });
    return ids.map((id) => secrets.filter(({ apiKeyId }) => apiKeyId === id));
  });
}

/** Loads webhook endpoints of one organization; any other is null. */
export function webhookEndpointById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, WebhookEndpoint | null> {
  return new DataLoader(async (ids) => {
    const endpoints = organizationId ? await listWebhookEndpoints(database, { organizationId }) : [];
    const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
    return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
  });
}

/** Loads the attempts of webhook deliveries of one organization, the oldest first. */
export function attemptsByDelivery(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, WebhookAttempt[]> {
  return new DataLoader(async (deliveryIds) => {
    const attempts = organizationId ? await listWebhookAttempts(database, { organizationId, deliveryIds }) : [];
    const byDelivery = groupBy(attempts, ({ deliveryId }) => deliveryId);
    return deliveryIds.map((id) => byDelivery[id] ?? []);
  });
}
