import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { diagnose } from '#integrations/services/health/diagnose.js';
import { hasRole, type Identity } from '#runtime/identity/identity.js';
import { ticketUrl } from './reconnect-ticket.js';

const GOOD_FOR_SECONDS = 60 * 60;

/** Returns where a person connects again; null when that would not help, or is not for this caller to do. */
export async function reconnectUrl(
  context: Context,
  identity: Identity,
  connection: Connection,
): Promise<string | null> {
  const { id: connectionId, organizationId, providerId } = connection;
  if (!hasRole(identity, 'ADMIN') || !context.providers.find(providerId)) return null;
  const { status } = await diagnose(context, connection);
  if (status !== 'RECONNECT_REQUIRED') return null;
  return ticketUrl(context, { connectionId, organizationId, providerId, userId: identity.userId }, GOOD_FOR_SECONDS);
}
