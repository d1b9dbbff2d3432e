import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { diagnose } from '#integrations/services/health/diagnose.js';
import { hasRole } from '#runtime/identity/identity.js';
import { ticketUrl } from './reconnect-ticket.js';

const TTL_SECONDS = 60 * 60;

/** Returns where the user reconnects; null when the connection works, or the caller may not. */
export async function reconnectUrl(context: Context, connection: Connection): Promise<string | null> {
  const { id: connectionId, organizationId, providerId } = connection;
  const { identity } = context;
  if (!hasRole(identity, 'ADMIN') || !context.providers.find(providerId)) return null;
  const { status } = await diagnose(context, connection);
  if (status !== 'RECONNECT_REQUIRED') return null;
  const ticket = { connectionId, organizationId, providerId, userId: identity.userId };
  return ticketUrl(context, { ticket, ttlSeconds: TTL_SECONDS });
}
