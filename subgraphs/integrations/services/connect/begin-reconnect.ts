import type { Context } from '#integrations/context.js';
import { ConnectionEntity } from '#integrations/entities/connection.js';
import { NotFound } from '#runtime/errors.js';
import { type Authorization, requestConsent } from './authorize-connection.js';
import { readTicket } from './reconnect-ticket.js';
import { resolveReturnTo } from './return-to.js';

/**
 * Returns where the holder of a ticket consents; the ticket's user completes it. Throws InvalidInput for a bad ticket or
 * `returnTo`, NotFound when the connection no longer exists.
 */
export async function beginReconnect(
  context: Context,
  { ticket, returnTo }: { ticket: string; returnTo?: string | null },
): Promise<Authorization> {
  const { connectionId, organizationId, userId } = await readTicket(context, ticket);
  const where = { id: connectionId, organizationId };
  const connection = await context.database.manager.findOneBy(ConnectionEntity, where);
  if (!connection || connection.status === 'DISCONNECTED') throw new NotFound('connection');
  const { providerId } = connection;
  const page = resolveReturnTo(context, returnTo);
  return requestConsent(context, { providerId, organizationId, userId, connectionId, returnTo: page });
}
