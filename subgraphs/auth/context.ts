import { randomUUID } from 'node:crypto';
import type DataLoader from 'dataloader';
import type { DataSource, EntityManager } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { ApiKeySecret } from './entities/api-key-secret.js';
import type { Organization } from './entities/organization.js';
import { nameById } from './loaders/name-by-id.js';
import { organizationById } from './loaders/organization-by-id.js';
import { type Member, personById } from './loaders/person-by-id.js';
import { secretsByApiKey } from './loaders/secrets-by-api-key.js';

/** What services work with, and on whose behalf. */
export interface ServiceContext {
  identity: Identity;
  services: Services;
  database: DataSource;
  /** That of the transaction within one, otherwise that of `database`. */
  manager: EntityManager;
}

/** The context within a transaction: what is written through its `manager` is committed as a whole, or not at all. */
export interface TransactionContext extends ServiceContext {
  readonly isTransaction: true;
}

/** What one GraphQL operation works with. */
export interface Context extends ServiceContext {
  personById: DataLoader<string, Member | null>;
  organizationById: DataLoader<string, Organization | null>;
  /** Of any person, member or not: for ids that appear in the organization's own data. */
  nameById: DataLoader<string, string | null>;
  secretsByApiKey: DataLoader<string, ApiKeySecret[]>;
}

/** Returns the context of one GraphQL operation of this identity. */
export function createContext(services: Services, database: DataSource, identity: Identity): Context {
  const { organizationId } = identity;
  return {
    identity,
    services,
    database,
    manager: database.manager,
    personById: personById(database, organizationId),
    organizationById: organizationById(database, organizationId),
    nameById: nameById(database),
    secretsByApiKey: secretsByApiKey(database, organizationId),
  };
}

/** What jobs are defined with. */
export type JobDependencies = Pick<ServiceContext, 'services' | 'database'>;

/** Returns the context of a run of a job: on behalf of WebMetrics itself, unless `identity` says otherwise. */
export function jobContext({ services, database }: JobDependencies, identity: Partial<Identity> = {}): ServiceContext {
  return {
    identity: { kind: 'service', scopes: [], requestId: randomUUID(), ...identity },
    services,
    database,
    manager: database.manager,
  };
}

/** Returns the context within a transaction that the caller has begun. */
export function within(context: ServiceContext, manager: EntityManager): TransactionContext {
  const { identity, services, database } = context;
  return { identity, services, database, manager, isTransaction: true };
}

/** Runs `work` in a transaction of its own. Rejects with the error of `work`, after the rollback. */
export function inTransaction<Result>(
  context: ServiceContext,
  work: (transaction: TransactionContext) => Promise<Result>,
): Promise<Result> {
  return context.database.transaction((manager) => work(within(context, manager)));
}

/** Returns the same context on behalf of a person who has proven who they are, by password or by a mailed link. */
export function actingAs<Given extends ServiceContext>(context: Given, { userId }: { userId: string }): Given {
  const { client, requestId } = context.identity;
  return { ...context, identity: { kind: 'user', userId, scopes: [], client, requestId } };
}
