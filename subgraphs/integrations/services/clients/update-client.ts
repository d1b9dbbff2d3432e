import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { changeClient } from './change-client.js';
import { accountIdsInput, requireAccounts } from './client-accounts.js';
import { clientName, nameTaken } from './create-client.js';

const input = z.object({
  version: z.int(),
  name: clientName.nullish(),
  accountIds: accountIdsInput.nullish(),
});

/** Returns the listed accounts of a client; those that no connection opens are not. */
async function listedAccounts(manager: EntityManager, { organizationId, id }: Client): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT account.id FROM integrations.client_account AS link
     JOIN integrations.account ON account.organization_id = link.organization_id AND account.id = link.account_id
     WHERE link.organization_id = $1 AND link.client_id = $2 AND account.access IS NOT NULL ORDER BY account.id`,
    [organizationId, id],
  );
  return rows.map((row) => row.id);
}

async function replaceAccounts(
  manager: EntityManager,
  { organizationId, id }: Client,
  { listed, wanted }: { listed: string[]; wanted: string[] },
): Promise<void> {
  await manager.query(
    `DELETE FROM integrations.client_account
     WHERE organization_id = $1 AND client_id = $2 AND account_id = ANY ($3::uuid[]) AND NOT account_id = ANY ($4::uuid[])`,
    [organizationId, id, listed, wanted],
  );
  await manager.query(
    `INSERT INTO integrations.client_account (organization_id, client_id, account_id)
     SELECT $1, $2, account_id FROM unnest($3::uuid[]) AS account_id ON CONFLICT DO NOTHING`,
    [organizationId, id, wanted],
  );
}

/**
 * Changes what is given of a client. Throws InvalidInput, NotFound, also for an unknown account, and Conflict when it was changed
 * since `version`, or the name is taken, and LimitReached for one that the plan does not include.
 */
export async function updateClient(
  context: Context,
  { clientId, ...given }: z.input<typeof input> & { clientId: string },
): Promise<Client> {
  const { version, name, accountIds } = parseInput(input, given);
  const change = async (manager: EntityManager, client: Client) => {
    const { organizationId, id } = client;
    await context.plan.requireClientInUse(client);
    if (client.version !== version) {
      throw new Conflict('This client was changed meanwhile: read it again, and decide on what it is now.');
    }
    const listed = await listedAccounts(manager, client);
    const wanted = accountIds ? await requireAccounts(manager, { organizationId, accountIds }) : listed;
    if (accountIds) await replaceAccounts(manager, client, { listed, wanted });
    const changed = {
      ...client,
      name: name ?? client.name,
      version: version + 1,
      updatedAt: context.services.now(),
    };
    await manager.update(ClientEntity, { organizationId, id }, changed);
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'client.updated',
      target: { type: 'Client', id },
      before: { name: client.name, accountIds: listed },
      after: { name: changed.name, accountIds: wanted },
    });
    return changed;
  };
  return changeClient(context, { clientId, change }).catch((error: unknown) => {
    throw nameTaken(error);
  });
}
