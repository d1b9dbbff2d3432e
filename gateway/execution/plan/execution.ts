import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import type { Data } from './merge-data.js';

/** An operation as Apollo Server hands it to a gateway. */
export type OperationContext = Parameters<ApolloGateway['executor']>[0];

/** An operation while its plan runs. */
export interface Execution {
  request: OperationContext;
  /** As the client sent them, declared ones with their defaults not filled in. */
  variables: Data;
  dataSourceOf(subgraph: string): GraphQLDataSource | undefined;
  /** What the subgraphs have answered so far, as one tree. */
  data: Data;
  errors: unknown[];
}

/** A compiled part of a plan. `data` is the part of the tree that it is about. */
export type Step = (execution: Execution, data: unknown) => void | Promise<void>;
