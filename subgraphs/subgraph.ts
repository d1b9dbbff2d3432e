import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import type { Identity } from '../ops/runtime/identity.js';
import type { JobDefinition } from '../ops/runtime/jobs.js';
import type { Runtime } from '../ops/runtime/runtime.js';
import { scalars } from '../schema/scalars.js';
import { type SubgraphName, typeDefinitionsOf } from '../schema/type-definitions.js';
import { createExecutor, type Executor } from './executor.js';
import { applyPermissions, type Permissions } from './permission.js';

/** What a subgraph has open while it runs. */
export interface SubgraphParts<Context extends object> {
  /** Makes what one operation carries: identity, loaders, services. Called once per operation; nothing is shared. */
  createContext(identity: Identity): Context;
  /** The background work this subgraph does. */
  jobs: JobDefinition<never>[];
  /** Throws when the subgraph cannot serve now. */
  checkReady(): Promise<void>;
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
  /** Opens its database and whatever else it needs; closing is registered with `runtime.lifecycle`. */
  open(runtime: Runtime): Promise<SubgraphParts<Context>>;
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
}

/** A subgraph as the rest of WebMetrics sees it. */
export interface Subgraph {
  name: SubgraphName;
  /** Its executable schema, permissions included. */
  schema: GraphQLSchema;
  permissions: Permissions;
  open(runtime: Runtime): Promise<RunningSubgraph>;
}

/** Describes a subgraph. Nothing is opened until `open` is called. */
export function defineSubgraph<Context extends object>(definition: SubgraphDefinition<Context>): Subgraph {
  const { name, resolvers, permissions } = definition;
  const bare = buildSubgraphSchema({ typeDefs: typeDefinitionsOf(name), resolvers: { ...scalars, ...resolvers } });
  const schema = applyPermissions(bare, permissions);
  return {
    name,
    schema,
    permissions,
    open: async (runtime) => {
      const { createContext, jobs, checkReady } = await definition.open(runtime);
      const execute = createExecutor(schema, createContext, runtime.logger);
      return { name, schema, createContext, execute, jobs, checkReady };
    },
  };
}
