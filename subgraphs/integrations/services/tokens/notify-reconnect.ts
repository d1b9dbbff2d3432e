import { IsNull, Not } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { ticketUrl } from '#integrations/services/connect/reconnect-ticket.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { renderMail } from '#runtime/mail/render-mail.js';

// Long enough for mail read after the weekend.
const LINK_TTL_SECONDS = 7 * 24 * 60 * 60;

const CARETAKERS = /* GraphQL */ `
  query Caretakers($userId: ID) {
    organization { name caretakers(userId: $userId) { id name email } }
  }
`;

interface Caretaker {
  id: string;
  name: string;
  email: string;
}

interface Caretakers {
  organization: { name: string; caretakers: Caretaker[] } | null;
}

/** Returns the connections with a due notice, longest due first. */
export function listDueNotices({ database }: Context): Promise<Connection[]> {
  return database.manager.find(ConnectionEntity, {
    where: { status: 'RECONNECT_REQUIRED', noticeDueAt: Not(IsNull()) },
    order: { noticeDueAt: 'ASC' },
    take: 1_000,
  });
}

/** The user who consented, else the organization's caretakers. */
async function readCaretakers(
  { services }: Context,
  { id, organizationId, grantedByUserId }: Connection,
): Promise<NonNullable<Caretakers['organization']>> {
  const read = (userId: string | null) =>
    services.graph.query<Caretakers>(
      { query: CARETAKERS, variables: { userId } },
      { organizationId, requestId: `reconnect-${id}` },
    );
  const { organization } = await read(grantedByUserId).catch((error) => {
    const hasLeft = grantedByUserId && error instanceof GraphRequestFailed && error.code === 'NOT_FOUND';
    if (!hasLeft) throw error;
    return read(null);
  });
  return organization ?? { name: '', caretakers: [] };
}

async function mailTo(context: Context, connection: Connection, organizationName: string, person: Caretaker) {
  const { id: connectionId, organizationId, providerId, grantedBy, reason } = connection;
  const provider = describeProviderById(providerId).name;
  const ticket = { connectionId, organizationId, providerId, userId: person.id };
  const url = await ticketUrl(context, { ticket, ttlSeconds: LINK_TTL_SECONDS });
  return {
    recipient: person.email,
    ...renderMail({
      subject: `${provider} must be connected again`,
      paragraphs: [
        `Hello ${person.name},`,
        `WebMetrics can no longer read ${provider} for ${organizationName}. ${reason ?? ''}`.trim(),
        `Connect it again as ${grantedBy}, who connected it before. Until then its figures stay as they are. The button works for a week.`,
      ],
      action: { label: `Connect ${provider} again`, url },
    }),
    kind: 'reconnect-required',
    organizationId,
    // Each consent is notified once.
    key: `reconnect-required ${connectionId} ${connection.version} ${person.id}`,
  };
}

/**
 * Mails the user who connected, else owners and administrators, that a connection must be renewed. Safe to run
 * concurrently.
 */
export async function notifyReconnect(context: Context, connection: Connection): Promise<void> {
  const { id, organizationId, noticeDueAt } = connection;
  if (!noticeDueAt) return;
  const { database, services } = context;
  const { name, caretakers } = await readCaretakers(context, connection);
  const mails = await Promise.all(caretakers.map((person) => mailTo(context, connection, name, person)));
  const isQueued = await database.transaction(async (manager) => {
    // Not matched by `noticeDueAt`: PostgreSQL keeps it to the microsecond.
    const { affected } = await manager.update(
      ConnectionEntity,
      { id, organizationId, status: 'RECONNECT_REQUIRED', version: connection.version, noticeDueAt: Not(IsNull()) },
      { noticeDueAt: null },
    );
    if (!affected) return false;
    for (const mail of mails) await queueMail(manager, mail);
    return mails.length > 0;
  });
  if (isQueued) await deliverSoon(services);
}
