import { z } from 'zod';
import type { ServiceContext } from '#auth/context.js';
import { AppError, InvalidInput, NotFound } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import type { Role } from '#runtime/identity/identity.js';

/** As many as `Organization.accounts` takes. */
const MAX_CLIENTS = 200;

/** The clients of a limit, each once, in one order. */
export const clientIdsInput = z
  .array(z.string())
  .min(1, 'must name at least one client')
  .max(MAX_CLIENTS, `must name at most ${MAX_CLIENTS} clients`)
  .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))].sort());

/** Throws InvalidInput for a limit with a role other than VIEWER, the only one that can be limited. */
export function requireLimitable(role: Role): void {
  if (role === 'VIEWER') return;
  throw new InvalidInput([{ argument: 'clientIds', problem: 'is for the role VIEWER: other roles cannot be limited' }]);
}

const ACCOUNTS = /* GraphQL */ `
  query ClientsOfLimit($clientIds: [ID!]!) {
    organization {
      accounts(clientIds: $clientIds) { id }
    }
  }
`;

/**
 * Throws NotFound unless all are clients of the organization, alike for those of others; they are another subgraph's, and read
 * through the graph. Throws SUBGRAPH_UNAVAILABLE when that does not answer. Call it before the transaction.
 */
export async function requireClients(
  { services, identity }: ServiceContext,
  { organizationId, clientIds }: { organizationId: string; clientIds: string[] },
): Promise<void> {
  const caller = { part: 'auth', organizationId, requestId: identity.requestId };
  try {
    await services.graph.query({ query: ACCOUNTS, variables: { clientIds } }, caller);
  } catch (cause) {
    if (cause instanceof GraphRequestFailed && cause.code === 'NOT_FOUND') throw new NotFound('client');
    services.logger.warn({ err: cause, organizationId }, 'The clients of a limit could not be checked');
    throw new AppError('The clients cannot be read now: try again in a few seconds.', 'SUBGRAPH_UNAVAILABLE', {
      cause,
    });
  }
}
