import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Client, ClientEntity } from '#integrations/entities/client.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isUniqueViolation } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import { changeClient } from './change-client.js';
import { requireClientAllowed } from './create-client.js';

const setArchived =
  (context: Context, isArchived: boolean) =>
  async (manager: EntityManager, client: Client): Promise<Client> => {
    if ((client.archivedAt !== null) === isArchived) return client;
    const { identity, services } = context;
    const { organizationId, id, version } = client;
    if (!isArchived) await requireClientAllowed(context, manager, organizationId);
    const now = services.now();
    const changed = { ...client, version: version + 1, updatedAt: now, archivedAt: isArchived ? now : null };
    await manager.update(ClientEntity, { organizationId, id }, changed);
    await recordAudit(manager, identity, {
      organizationId,
      action: isArchived ? 'client.archived' : 'client.restored',
      target: { type: 'Client', id },
      after: { name: client.name },
    });
    return changed;
  };

/** Archives a client: it is no longer listed. Idempotent. Throws NotFound. */
export function archiveClient(context: Context, { clientId }: { clientId: string }): Promise<Client> {
  return changeClient(context, { clientId, change: setArchived(context, true) });
}

/** Puts an archived client back in use. Idempotent. Throws NotFound, LimitReached, and Conflict when another one has its name. */
export async function restoreClient(context: Context, { clientId }: { clientId: string }): Promise<Client> {
  try {
    return await changeClient(context, { clientId, change: setArchived(context, false) });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Conflict('Another client has this name now: rename one of them (updateClient).', { cause: error });
  }
}
