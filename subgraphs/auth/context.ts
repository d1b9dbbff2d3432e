import { randomUUID } from 'node:crypto';
import type DataLoader from 'dataloader';
import { once } from 'es-toolkit/function';
import type { DataSource, EntityManager } from 'typeorm';
import type { IssuedTokens } from '#kit/executor.js';
import type { Surplus } from '#runtime/entitlements/find-surplus.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { WebhookAttempt } from '#runtime/webhooks/deliveries.js';
import type { WebhookEndpoint } from '#runtime/webhooks/endpoint.js';
import type { ApiKeySecret } from './entities/api-key-secret.js';
import type { Organization } from './entities/organization.js';
import type { SessionRefresh } from './entities/session-refresh.js';
import {
  attemptsByDelivery,
  hasTwoFactorById,
  type Member,
  nameById,
  organizationById,
  personById,
  refreshesBySession,
  secretsByApiKey,
  webhookEndpointById,
} from './loaders.js';
import { surplusMembers } from './services/member/surplus-members.js';

/** What services work with, and on whose behalf. */
export interface ServiceContext {
  identity: Identity;
  services: Services;
  database: DataSource;
  /** The transaction's, or that of `database`. */
  manager: EntityManager;
}

/** The context within a transaction. */
export interface TransactionContext extends ServiceContext {
  readonly isTransaction: true;
}

/** What one GraphQL operation works with. */
export interface Context extends ServiceContext {
  /** By the sign-ins of the operation. */
  issued: IssuedTokens;
  personById: DataLoader<string, Member | null>;
  organizationById: DataLoader<string, Organization | null>;
  /** Not restricted to members: events name people who have left. */
  nameById: DataLoader<string, string | null>;
  hasTwoFactorById: DataLoader<string, boolean>;
  secretsByApiKey: DataLoader<string, ApiKeySecret[]>;
  refreshesBySession: DataLoader<string, SessionRefresh[]>;
  webhookEndpointById: DataLoader<string, WebhookEndpoint | null>;
  attemptsByDelivery: DataLoader<string, WebhookAttempt[]>;
  /** Of the identity's organization, read once. */
  surplusMembers(): Promise<Surplus>;
}

type SharedLoaders = Pick<Context, 'personById' | 'organizationById'>;

const shared = new WeakMap<object, SharedLoaders>();

/** The caller and the organization are asked for in several parts of a query, each of which is a call of its own. */
function sharedLoaders(database: DataSource, identity: Identity, reads: object | undefined): SharedLoaders {
  const known = reads && shared.get(reads);
  if (known) return known;
  const organizations = organizationById(database, identity.organizationId);
  // What a mutation changes is read anew.
  const people = personById(database, identity, reads && organizations);
  const loaders = { personById: people, organizationById: organizations };
  if (reads) shared.set(reads, loaders);
  return loaders;
}

/** Returns the context of one GraphQL operation of this identity. */
export function createContext(services: Services, database: DataSource, identity: Identity, reads?: object): Context {
  const { organizationId } = identity;
  return {
    identity,
    services,
    database,
    manager: database.manager,
    issued: { accessTokens: [] },
    ...sharedLoaders(database, identity, reads),
    nameById: nameById(database),
    secretsByApiKey: secretsByApiKey(database, organizationId),
    refreshesBySession: refreshesBySession(database),
    hasTwoFactorById: hasTwoFactorById(database),
    webhookEndpointById: webhookEndpointById(database, organizationId),
    attemptsByDelivery: attemptsByDelivery(database, organizationId),
    surplusMembers: once(async () => {
      if (!organizationId) throw new NotFound('organization');
      return surplusMembers({ manager: database.manager, services }, { organizationId });
    }),
  };
}

export type JobDependencies = Pick<ServiceContext, 'services' | 'database'>;

/** Returns the context of a job run, by default on behalf of WebMetrics itself. */
export function jobContext({ services, database }: JobDependencies, identity: Partial<Identity> = {}): ServiceContext {
  return {
    identity: { kind: 'service', scopes: [], requestId: randomUUID(), ...identity },
    services,
    database,
    manager: database.manager,
  };
}

/** Returns the context within a transaction the caller has begun. */
export function within(context: ServiceContext, manager: EntityManager): TransactionContext {
  const { identity, services, database } = context;
  return { identity, services, database, manager, isTransaction: true };
}

/** Runs `work` in a transaction. Does not nest: within one, pass its context on. */
export function inTransaction<Result>(
  context: ServiceContext & { isTransaction?: never },
  work: (transaction: TransactionContext) => Promise<Result>,
): Promise<Result> {
  return context.database.transaction((manager) => work(within(context, manager)));
}

/** Returns the context on behalf of a person who was authenticated by password or by a mailed link. */
export function actingAs<Given extends ServiceContext>(context: Given, { userId }: { userId: string }): Given {
  const { client, requestId } = context.identity;
  return { ...context, identity: { kind: 'user', userId, scopes: [], client, requestId } };
}
