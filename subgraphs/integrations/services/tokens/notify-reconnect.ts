import { IsNull, Not } from 'typeorm';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { ticketUrl } from '#integrations/services/connect/reconnect-ticket.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import { renderMail } from '#runtime/mail/render-mail.js';

// Long enough for who reads mail after the weekend. The address renews this one connection for its own person only.
const LINK_GOOD_FOR_SECONDS = 7 * 24 * 60 * 60;

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

/** Returns the connections whose people are to be told that they must be renewed, those that wait longest first. */
export function listDueNotices({ database }: Equipment): Promise<Connection[]> {
  return database.manager.find(ConnectionEntity, {
    where: { status: 'RECONNECT_REQUIRED', noticeDueAt: Not(IsNull()) },
    order: { noticeDueAt: 'ASC' },
    take: 1_000,
  });
}

/** Returns the person who consented; those who look after the organization when that person has left, or is not known. */
async function readCaretakers(
  { services }: Equipment,
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

async function mailTo(equipment: Equipment, connection: Connection, organizationName: string, person: Caretaker) {
  const { id: connectionId, organizationId, providerId, grantedBy, reason } = connection;
  const provider = describeProviderById(providerId).name;
  const url = await ticketUrl(
    equipment,
    { connectionId, organizationId, providerId, userId: person.id },
    LINK_GOOD_FOR_SECONDS,
  );
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
    // Another consent has another version: each that breaks is told of once.
    key: `reconnect-required ${connectionId} ${connection.version} ${person.id}`,
  };
}

/**
 * Writes to the person who connected it that a connection must be renewed, or, when they have left, to the owners and
 * administrators. Safe to run twice, also at once: that the notice is due ends in the transaction that queues the mail.
 */
export async function notifyReconnect(equipment: Equipment, connection: Connection): Promise<void> {
  const { id, organizationId, noticeDueAt } = connection;
  if (!noticeDueAt) return;
  const { database, services } = equipment;
  const { name, caretakers } = await readCaretakers(equipment, connection);
  const mails = await Promise.all(caretakers.map((person) => mailTo(equipment, connection, name, person)));
  const isTold = await database.transaction(async (manager) => {
    // Not `noticeDueAt` itself: PostgreSQL knows it to the microsecond. It is due again only after another consent.
    const { affected } = await manager.update(
      ConnectionEntity,
      { id, organizationId, status: 'RECONNECT_REQUIRED', version: connection.version, noticeDueAt: Not(IsNull()) },
      { noticeDueAt: null },
    );
    if (!affected) return false;
    for (const mail of mails) await queueMail(manager, mail);
    return mails.length > 0;
  });
  if (isTold) await deliverSoon(services);
}
