import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import type { Invariant } from '#ops/backup/invariant.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { Config } from '#runtime/config/config.js';
import type { Migrations } from '#runtime/database/database.js';
import type { Problem } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { JobDefinition, JobRun } from '#runtime/jobs/jobs.js';
import type { SealedColumn } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';
import { scalars } from '#schema/scalars.js';
import { type SubgraphName, typeDefinitionsOf } from '#schema/type-definitions.js';
import { eraseOrganizationJob } from './erase-organization-job.js';
import { createExecutor, type Executor } from './executor.js';
import { applyPayloadContexts } from './payload-context.js';
import { applyPermissions, type Permissions } from './permission.js';

/** What a subgraph has open while it runs. */
export interface SubgraphParts<Context extends object> {
  /** Makes what one operation carries: identity, loaders, services. Called once per operation; nothing is shared. */
  createContext(identity: Identity): Context;
  /** The background work this subgraph does. */
  jobs: JobDefinition<never>[];
  /** Throws when the subgraph cannot serve now. */
  checkReady(): Promise<void>;
  /**
   * Does what has to come before the rows of an organization go, such as giving access back; called again when it was
   * interrupted. The rows themselves are found by their `organization_id` and need no mention. Absent = nothing.
   */
  eraseOrganization?(organizationId: string, run: JobRun): Promise<void>;
  /** Returns what it holds about a person, in words they understand: no secrets, and nothing about others. Absent = nothing. */
  personalData?(personId: string): Promise<Record<string, unknown>>;
  /** What operators want to know of it; absent = nothing in particular. */
  status?(): Promise<Record<string, unknown>>;
}

/** The shape every subgraph exports from its index.ts. */
export interface SubgraphDefinition<Context extends object> {
  /** Its name in the supergraph; its contract is `schema/<name>.graphql`. */
  name: SubgraphName;
  /** By GraphQL type and field. */
  // biome-ignore lint/suspicious/noExplicitAny: each subgraph's own generated resolver types are checked where they are written
  resolvers: Record<string, any>;
  /** Who may do what; what is not listed is denied. */
  permissions: Permissions;
  /** Every column in which it keeps what `services.sealer` sealed: an undeclared one is lost when a key is retired. */
  sealedColumns?: SealedColumn[];
  /** What is true of its rows at any time; a restored backup is checked against it. */
  invariants?: Invariant[];
  /** What made the tables of the schema that has its name, oldest first. */
  migrations: Migrations;
  /** Returns what is wrong with settings only it reads; absent = it reads none. Opens nothing. */
  findSettingsProblems?(config: Config): Problem[];
  /** Opens its database and whatever else it needs; closing is registered with `services.lifecycle`. */
  open(services: Services): Promise<SubgraphParts<Context>>;
}

/** A subgraph that is open and answers operations. */
export interface RunningSubgraph {
  name: SubgraphName;
  schema: GraphQLSchema;
  /** Makes what one operation carries. */
  createContext(identity: Identity): object;
  execute: Executor;
  jobs: JobDefinition<never>[];
  checkReady(): Promise<void>;
  status(): Promise<Record<string, unknown>>;
  /** Returns what it holds about a person. */
  personalData(personId: string): Promise<Record<string, unknown>>;
}

/** A subgraph as the rest of WebMetrics sees it. */
export interface Subgraph {
  name: SubgraphName;
  /** Its executable schema, permissions included. */
  schema: GraphQLSchema;
  permissions: Permissions;
  sealedColumns: SealedColumn[];
  invariants: Invariant[];
  /** What makes the tables of its schema, known without opening it. */
  migrations: Migrations;
  /** Returns what is wrong with settings only it reads. Opens nothing. */
  findSettingsProblems(config: Config): Problem[];
  open(services: Services): Promise<RunningSubgraph>;
}

/** Describes a subgraph. Nothing is opened until `open` is called. */
export function defineSubgraph<Context extends object>(definition: SubgraphDefinition<Context>): Subgraph {
  const { name, resolvers, permissions, migrations, sealedColumns = [], invariants = [] } = definition;
  const bare = buildSubgraphSchema({ typeDefs: typeDefinitionsOf(name), resolvers: { ...scalars, ...resolvers } });
  const schema = applyPayloadContexts(applyPermissions(bare, permissions));
  return {
    name,
    schema,
    permissions,
    sealedColumns,
    invariants,
    migrations,
    findSettingsProblems: (config) => definition.findSettingsProblems?.(config) ?? [],
    open: async (services) => {
      const parts = await definition.open(services);
      const { createContext, checkReady, status = async () => ({}), personalData = async () => ({}) } = parts;
      const jobs = [...parts.jobs, eraseOrganizationJob(name, services, parts.eraseOrganization)];
      const execute = createExecutor(schema, createContext, services.logger, unexpectedErrors(services));
      return { name, schema, createContext, execute, jobs, checkReady, status, personalData };
    },
  };
}
