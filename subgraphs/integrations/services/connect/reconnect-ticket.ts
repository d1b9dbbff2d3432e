import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { diagnose } from '#integrations/services/health/diagnose.js';
import { InvalidInput, Unauthenticated } from '#runtime/errors.js';
import { hasRole } from '#runtime/identity/identity.js';
import { RECONNECT_AUDIENCE } from '#runtime/identity/token-audiences.js';

const ticketSchema = z.object({
  connectionId: z.string(),
  organizationId: z.string(),
  providerId: z.string(),
  userId: z.string(),
});

/** Lets its holder give the consent that renews one connection, as the same user at the provider; `userId` completes it. */
export type ReconnectTicket = z.output<typeof ticketSchema>;

/** Returns the address of a ticket. */
export async function ticketUrl(
  { services }: Context,
  { ticket, ttlSeconds }: { ticket: ReconnectTicket; ttlSeconds: number },
): Promise<string> {
  const signed = await services.internalSigner.signClaims(ticket, RECONNECT_AUDIENCE, ttlSeconds);
  return `${services.publicUrl()}/oauth/${ticket.providerId}/reconnect?ticket=${signed}`;
}

/** Returns a ticket's claims. Throws InvalidInput for a forged or expired one. */
export async function readTicket({ services }: Context, signed: string): Promise<ReconnectTicket> {
  try {
    return ticketSchema.parse(await services.internalSigner.verifyClaims(signed, RECONNECT_AUDIENCE));
  } catch (cause) {
    if (!(cause instanceof Unauthenticated) && !(cause instanceof z.ZodError)) throw cause;
    const problem =
      'is too old or not ours: ask for the reconnectUrl of the connection again, or connect the provider anew';
    throw new InvalidInput([{ argument: 'ticket', problem }], { cause });
  }
}

const TTL_SECONDS = 60 * 60;

/** Returns where to reconnect; null when the connection works or the caller may not. */
export async function reconnectUrl(context: Context, connection: Connection): Promise<string | null> {
  const { id: connectionId, organizationId, providerId } = connection;
  const { identity } = context;
  const { userId } = identity;
  if (!userId || !hasRole(identity, 'ADMIN') || !context.providers.find(providerId)) return null;
  const { status } = await diagnose(context, connection);
  if (status !== 'RECONNECT_REQUIRED') return null;
  const ticket = { connectionId, organizationId, providerId, userId };
  return ticketUrl(context, { ticket, ttlSeconds: TTL_SECONDS });
}
