import type { Context } from '#integrations/context.js';
import { ConnectionEntity } from '#integrations/entities/connection.js';
import { NotFound } from '#runtime/errors.js';
import { type Authorization, requestConsent } from './authorize-connection.js';
import { readTicket } from './reconnect-ticket.js';

/**
 * Returns where the holder of a ticket consents. Throws InvalidInput for a bad ticket, NotFound when the connection is
 * gone.
 */
export async function beginReconnect(context: Context, { ticket }: { ticket: string }): Promise<Authorization> {
  const { connectionId, organizationId, userId } = await readTicket(context, ticket);
  const where = { id: connectionId, organizationId };
  const connection = await context.database.manager.findOneBy(ConnectionEntity, where);
  if (!connection || connection.status === 'DISCONNECTED') throw new NotFound('connection');
  return requestConsent(context, { providerId: connection.providerId, organizationId, userId, connectionId });
}
