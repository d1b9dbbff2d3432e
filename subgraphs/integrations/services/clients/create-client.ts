import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { ClientAccountEntity } from '#integrations/entities/client-account.js';
import { countInUse } from '#integrations/services/plan/in-use.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { Conflict, Unauthenticated } from '#runtime/errors.js';
import { nameUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { accountIdsInput, requireAccounts } from './client-accounts.js';

export const clientName = nameUpTo(200);

const input = z.object({ name: clientName, accountIds: accountIdsInput });

/** Returns the error of a name that another client in use has; any other error as it is. */
export const nameTaken = (error: unknown): unknown =>
  isUniqueViolation(error) ? new Conflict('There is a client with this name already: choose another name.') : error;

/** Throws LimitReached where the organization's plan includes no more clients. */
export async function requireClientAllowed(
  { services }: Pick<Context, 'services'>,
  manager: EntityManager,
  organizationId: string,
): Promise<void> {
  await requireWithinLimit(manager, services, {
    organizationId,
    limit: 'CLIENTS',
    count: () => countInUse(manager, { organizationId, limit: 'CLIENTS' }),
  });
}

/**
 * Creates a client with its accounts, if any. Throws InvalidInput, NotFound for an unknown account, Conflict when the
 * name is taken, and LimitReached.
 */
export async function createClient(context: Context, given: z.input<typeof input>): Promise<Client> {
  const { database, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { name, accountIds } = parseInput(input, given);
  try {
    return await database.transaction(async (manager) => {
      const ids = await requireAccounts(manager, { organizationId, accountIds });
      await requireClientAllowed(context, manager, organizationId);
      const client = await manager.save(ClientEntity, { organizationId, name });
      const links = ids.map((accountId) => ({ organizationId, clientId: client.id, accountId }));
      if (links.length > 0) await manager.insert(ClientAccountEntity, links);
      await recordAudit(manager, identity, {
        organizationId,
        action: 'client.created',
        target: { type: 'Client', id: client.id },
        after: { name, accountIds: ids },
      });
      return client;
    });
  } catch (error) {
    throw nameTaken(error);
  }
}
