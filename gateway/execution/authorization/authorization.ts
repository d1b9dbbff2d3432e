import type { Schema } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '#gateway/context.js';
import type { OperationContext } from '#gateway/execution/plan/execution.js';
import type { AppError } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Authorized } from './operation-filter.js';
import { requirementsOf } from './permitted-part.js';
import { readRequirements } from './read-requirements.js';
import { judgeRequirement, type Requirement } from './requirement.js';

/** Why an identity is refused what an operation asks for, by what it does not meet. Never empty. */
export type Refusals = ReadonlyMap<Requirement, AppError>;

/** The most operations of which it is known what they demand. */
const MAX_OPERATIONS = 10_000;

/** Decides by the directives of a supergraph what of an operation an identity may ask for. */
export interface Authorization extends Authorized {
  /** Returns what refuses the identity of a request; undefined = nothing does. `key` stands for document and operation. */
  refusalsOf(key: string, request: OperationContext): Refusals | undefined;
}

/** Returns a text that is equal for the same requirements. */
export function keyOfRefusals(refusals: Refusals): string {
  return [...refusals.keys()].map(({ id }) => id).join();
}

/** Returns the authorization of operations; undefined = the supergraph demands nothing. */
export function createAuthorization(supergraph: Schema, apiSchema: GraphQLSchema): Authorization | undefined {
  const fields = readRequirements(supergraph);
  if (!fields) return undefined;
  const authorized: Authorized = { fields, schema: apiSchema };
  const known = new LRUCache<string, readonly Requirement[]>({ max: MAX_OPERATIONS });
  return {
    ...authorized,
    refusalsOf: (key, { document, request, context }) => {
      const { identity = anonymous(''), isWarmUp } = context as Partial<GatewayContext>;
      if (isWarmUp) return undefined;
      let requirements = known.get(key);
      if (!requirements) {
        requirements = requirementsOf(authorized, document, request.operationName ?? undefined);
        known.set(key, requirements);
      }
      let refusals: Map<Requirement, AppError> | undefined;
      for (const requirement of requirements) {
        const verdict = judgeRequirement(requirement, identity);
        if (verdict === true) continue;
        refusals ??= new Map();
        refusals.set(requirement, verdict);
      }
      return refusals;
    },
  };
}
