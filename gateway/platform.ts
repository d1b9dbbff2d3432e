import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { Readiness } from '#runtime/health/readiness.js';
import type { BaseServices } from '#runtime/services.js';
import type { GatewayContext } from './context.js';
import type { Demo } from './demo/demo.js';
import { openFederation } from './federation/open-federation.js';
import { openGatewayReadiness } from './federation/open-readiness.js';
import { openGraph } from './graph/open-graph.js';
import { openHttp } from './http/server.js';
import { openIdentity } from './identity/open-identity.js';
import type { Operators } from './identity/operator.js';
import { openLimits } from './limits/open-limits.js';
import { openRoutes } from './routes/open-routes.js';
import { registerStripeWebhook } from './routes/stripe-webhook.js';
import { openDocuments } from './trusted-documents/open-documents.js';

/** A gateway before it listens, and the subgraphs in this process. */
export interface Platform {
  app: FastifyInstance;
  apollo: ApolloServer<GatewayContext>;
  operators: Operators;
  local: RunningSubgraph[];
  readiness: Readiness;
  /** Of the database of the local subgraphs, or of the queue; undefined = this process has none. */
  databaseUrl: string | undefined;
  /** Runs the jobs of those subgraphs, and has the simulated Stripe send its events here: the gateway must listen. */
  startJobs(): Promise<void>;
}

/** Opens the gateway and everything behind it. It is not ready while `demo` is pending. */
export async function openPlatform(base: BaseServices, demo?: Demo): Promise<Platform> {
  const federation = await openFederation(base);
  const identity = openIdentity(base, federation);
  const limits = openLimits(base, federation, identity);
  const documents = openDocuments(base);
  const { apollo, isWarmingUp } = await openGraph(base, federation, limits, documents, demo?.isPending);
  const readiness = await openGatewayReadiness(base, federation, { demo: demo?.isPending, plans: isWarmingUp });
  const app = await openHttp(base);
  openRoutes(app, base, { federation, identity, limits, documents, apollo, readiness, demo });
  const startJobs = async () => {
    await federation.startJobs();
    void registerStripeWebhook(base, federation.subgraph('billing'));
  };
  const databaseUrl = federation.services?.databaseUrl ?? base.config.databaseUrl;
  return { app, apollo, operators: identity.operators, local: federation.local, readiness, databaseUrl, startJobs };
}
