import type { Context } from '#integrations/context.js';
import { ClientEntity } from '#integrations/entities/client.js';
import { DROP_CLIENT, DROP_CLIENT_BRANDING, type DroppedClient } from '#kit/drop-client-job.js';
import { reviewSchedulesSoon } from '#kit/review-schedules-job.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';

/** Removes a client, also from the limits of members; its accounts stay connected. Throws NotFound. */
export async function deleteClient(
  { database, identity, services }: Context,
  { clientId: id }: { clientId: string },
): Promise<void> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('client');
  await database.transaction(async (manager) => {
    const client = await manager.findOneBy(ClientEntity, { id, organizationId });
    const { affected } = await manager.delete(ClientEntity, { id, organizationId });
    if (!client || !affected) throw new NotFound('client');
    await recordAudit(manager, identity, {
      organizationId,
      action: 'client.deleted',
      target: { type: 'Client', id: client.id },
      before: { name: client.name },
    });
  });
  const dropped: DroppedClient = { key: id.toLowerCase(), organizationId };
  await services.jobs
    .enqueue(DROP_CLIENT, { ...dropped })
    .catch((error) =>
      services.logger.warn({ err: error, ...dropped }, 'A limit keeps a deleted client, which opens nothing'),
    );
  await reviewSchedulesSoon(services, { organizationId });
  await services.jobs
    .enqueue(DROP_CLIENT_BRANDING, { ...dropped })
    .catch((error) => services.logger.warn({ err: error, ...dropped }, 'The branding of a deleted client is kept'));
}
