import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import type { Invariant } from '#ops/backup/invariant.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { Config } from '#runtime/config/config.js';
import type { Migrations } from '#runtime/database/database.js';
import { NotFound, type Problem } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { JobDefinition, JobRun } from '#runtime/jobs/jobs.js';
import { countKeys, type KeyCounts, type SealedColumn } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';
import { watchSealedColumns } from '#runtime/telemetry/observe-security.js';
import { scalars } from '#schema/scalars.js';
import { type SubgraphName, typeDefinitionsOf } from '#schema/type-definitions.js';
import { eraseOrganizationJob } from './erase-organization-job.js';
import { createExecutor, type Executor } from './executor.js';
import type { OpenFile } from './file-answer.js';
import { applyPayloadContexts } from './payload-context.js';
import { applyPermissions, type Permissions } from './permission.js';
import { openIdempotencyKeys, runIdempotently } from './run-idempotently.js';

/** The running parts of a subgraph. */
export interface SubgraphParts<Context extends object> {
  /**
   * Creates the context of one operation: identity, loaders, services. Nothing of it is shared, but what was read for the same query of
   * the same caller: calls with the same `reads`.
   */
  createContext(identity: Identity, reads?: object): Context;
  jobs: JobDefinition<never>[];
  /** Throws when the subgraph cannot serve now. */
  checkReady(): Promise<void>;
  /**
   * Runs before the rows of an organization are deleted, for example to revoke access at providers; repeated when it was
   * interrupted.
   */
  eraseOrganization?(organizationId: string, run: JobRun): Promise<void>;
  /** Returns the personal data of a user in readable form: no secrets, no one else's data. */
  personalData?(personId: string): Promise<Record<string, unknown>>;
  /** Opens a file for a caller, whose rights it checks. */
  openFile?: OpenFile;
  /** Its part of the status for operators. */
  status?(): Promise<Record<string, unknown>>;
}

/** What every subgraph defines in its index.ts. */
export interface SubgraphDefinition<Context extends object> {
  /** In the supergraph; the contract is `schema/<name>.graphql`. */
  name: SubgraphName;
  /** By GraphQL type and field. */
  // biome-ignore lint/suspicious/noExplicitAny: each subgraph's own generated resolver types are checked where they are written
  resolvers: Record<string, any>;
  permissions: Permissions;
  /** Every column with sealed values: an undeclared one is lost when a key is retired. */
  sealedColumns?: SealedColumn[];
  /** What a restored backup is checked against. */
  invariants?: Invariant[];
  /** Oldest first. */
  migrations: Migrations;
  /** Returns the problems of settings that only it reads. Opens nothing. */
  findSettingsProblems?(config: Config): Problem[];
  /** Opens its database and other resources, to be closed by `services.lifecycle`. */
  open(services: Services): Promise<SubgraphParts<Context>>;
}

export interface RunningSubgraph {
  name: SubgraphName;
  schema: GraphQLSchema;
  createContext(identity: Identity, reads?: object): object;
  execute: Executor;
  openFile: OpenFile;
  jobs: JobDefinition<never>[];
  checkReady(): Promise<void>;
  status(): Promise<Record<string, unknown>>;
  personalData(personId: string): Promise<Record<string, unknown>>;
}

/** A subgraph before it is opened. */
export interface Subgraph {
  name: SubgraphName;
  schema: GraphQLSchema;
  permissions: Permissions;
  sealedColumns: SealedColumn[];
  invariants: Invariant[];
  migrations: Migrations;
  findSettingsProblems(config: Config): Problem[];
  open(services: Services): Promise<RunningSubgraph>;
}

const hasNoFiles: OpenFile = async () => {
  throw new NotFound('file');
};

function watchSealed(name: SubgraphName, columns: SealedColumn[], { operations, lifecycle }: Services): void {
  if (columns.length === 0) return;
  watchSealedColumns(name, async () => {
    const counted: [string, KeyCounts][] = [];
    for (const one of columns) counted.push([`${one.table}.${one.column}`, await countKeys(operations, one)]);
    return Object.fromEntries(counted);
  });
  lifecycle.onClose(`Metrics of what ${name} seals`, () => watchSealedColumns(name, undefined));
}

/** Builds a subgraph's schema with its permissions. Opens nothing until `open` is called. */
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
      watchSealed(name, sealedColumns, services);
      const { createContext, checkReady, status = async () => ({}), personalData = async () => ({}) } = parts;
      const { openFile = hasNoFiles } = parts;
      const jobs = [...parts.jobs, eraseOrganizationJob(name, services, parts.eraseOrganization)];
      const unexpected = unexpectedErrors(services);
      const bare = createExecutor(schema, createContext, services.logger, unexpected);
      const execute = runIdempotently(bare, openIdempotencyKeys(services, name), services.logger, unexpected);
      return { name, schema, createContext, execute, openFile, jobs, checkReady, status, personalData };
    },
  };
}
