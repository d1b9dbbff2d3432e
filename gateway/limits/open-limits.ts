import type { ApolloServerPlugin } from '@apollo/server';
import type { preHandlerAsyncHookHandler } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import type { Federation } from '#gateway/federation/open-federation.js';
import type { GatewayIdentity } from '#gateway/identity/open-identity.js';
import type { BaseServices } from '#runtime/services.js';
import { createAllowances } from './allowances.js';
import { readCostSchema } from './cost/cost-schema.js';
import { countCost } from './cost/count-cost.js';
import {
  createLimitCredentials,
  createLimitRequests,
  type LimitCredentials,
  type LimitRequests,
  limitRoute,
} from './limit-requests.js';
import { createPlanLimits } from './plan-limits.js';
import { createRecognizeToken } from './recognize-token.js';
import { openUsage } from './usage.js';

/** The limits of clients. */
export interface Limits {
  requests: LimitRequests;
  route: preHandlerAsyncHookHandler;
  cost: ApolloServerPlugin<GatewayContext>;
  /** Reads the costs of fields from a supergraph, from now on. */
  readCosts(supergraphSdl: string): void;
  /** Of wrong credentials of operators. */
  credentials: LimitCredentials;
}

/** Opens the limits of requests and cost. */
export function openLimits(
  base: BaseServices,
  federation: Federation,
  { authenticateForSetUp }: GatewayIdentity,
): Limits {
  const planLimits = createPlanLimits(federation.subgraph('billing'), base.logger);
  const allowances = createAllowances(base, planLimits, createRecognizeToken(base));
  const usage = openUsage(base, federation.subgraph('billing'));
  const requests = createLimitRequests(allowances, usage);
  let costs = readCostSchema(federation.supergraphSdl);
  return {
    requests,
    route: limitRoute(requests, authenticateForSetUp),
    cost: countCost(() => costs, allowances, usage),
    readCosts: (supergraphSdl) => {
      costs = readCostSchema(supergraphSdl);
    },
    credentials: createLimitCredentials(allowances),
  };
}
