import type { Operation } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';

/** An operation to be planned. */
export interface PlannableOperation {
  document: DocumentNode;
  /** The text of `document`. */
  source: string;
  /** undefined = the only operation of the document. */
  operationName: string | undefined;
  /** The operation in the terms of the API schema of Apollo. */
  operation: Operation;
}

/** Plans which subgraph is asked for what. */
export interface Planner {
  /** Returns the plan of a valid operation. Throws for one that cannot be planned. */
  plan(operation: PlannableOperation): QueryPlan | Promise<QueryPlan>;
}

/** Returns the planner of a supergraph; called again with each of its changes. */
export type CreatePlanner = (supergraphSdl: string) => Planner;
