import { In, IsNull, Not } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { type Connection, ConnectionEntity } from '#integrations/entities/connection.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { ticketUrl } from '#integrations/services/connect/reconnect-ticket.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { type Mail, queueMail } from '#runtime/mail/queue-mail.js';
import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';

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
    where: { status: In(['ACTIVE', 'RECONNECT_REQUIRED']), noticeDueAt: Not(IsNull()) },
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
      { part: 'integrations', organizationId, requestId: `reconnect-${id}` },
    );
  const { organization } = await read(grantedByUserId).catch((error) => {
    const hasLeft = grantedByUserId && error instanceof GraphRequestFailed && error.code === 'NOT_FOUND';
    if (!hasLeft) throw error;
    return read(null);
  });
  return organization ?? { name: '', caretakers: [] };
}

interface Recipient {
  organizationName: string;
  person: Caretaker;
}

function connectedMail({ providerId, grantedBy }: Connection, { organizationName, person }: Recipient): RenderedMail {
  const provider = describeProviderById(providerId).name;
  return renderMail({
    subject: `${provider} is connected`,
    paragraphs: [
      `Hello ${quotedName(person.name)},`,
      `${provider} was connected to the organization ${quotedName(organizationName)} on WebMetrics, as ${quotedName(grantedBy)} there. Its members can read those accounts now.`,
      'If it was not you, disconnect it, change your password and end your other sessions.',
    ],
  });
}

async function reconnectMail(
  context: Context,
  connection: Connection,
  { organizationName, person }: Recipient,
): Promise<RenderedMail> {
  const { id: connectionId, organizationId, providerId, grantedBy, reason } = connection;
  const provider = describeProviderById(providerId).name;
  const ticket = { connectionId, organizationId, providerId, userId: person.id };
  const url = await ticketUrl(context, { ticket, ttlSeconds: LINK_TTL_SECONDS });
  return renderMail({
    subject: `${provider} must be connected again`,
    paragraphs: [
      `Hello ${quotedName(person.name)},`,
      `WebMetrics can no longer read ${provider} for ${quotedName(organizationName)}. ${reason ?? ''}`.trim(),
      `Connect it again as ${quotedName(grantedBy)}, who connected it before. Until then its figures stay as they are. The button works for a week.`,
    ],
    action: { label: `Connect ${provider} again`, url },
  });
}

async function mailTo(context: Context, connection: Connection, recipient: Recipient): Promise<Mail> {
  const { id, organizationId, status, version } = connection;
  const isConnected = status === 'ACTIVE';
  const kind = isConnected ? 'provider-connected' : 'reconnect-required';
  const mail = isConnected ? connectedMail(connection, recipient) : await reconnectMail(context, connection, recipient);
  const { id: personId, email } = recipient.person;
  // Each consent is notified once.
  return { ...mail, recipient: email, kind, organizationId, key: `${kind} ${id} ${version} ${personId}` };
}

/**
 * Mails the user who connected, else owners and administrators, that a provider was connected, or must be connected
 * again. Safe to run concurrently.
 */
export async function notifyUser(context: Context, connection: Connection): Promise<void> {
  const { id, organizationId, noticeDueAt, status, version } = connection;
  if (!noticeDueAt) return;
  const { database, services } = context;
  const { name: organizationName, caretakers } = await readCaretakers(context, connection);
  const mails = await Promise.all(
    caretakers.map((person) => mailTo(context, connection, { organizationName, person })),
  );
  const isQueued = await database.transaction(async (manager) => {
    // Not matched by `noticeDueAt`: PostgreSQL keeps it to the microsecond. A renewal of the tokens counts `version` up.
    const { affected } = await manager.update(
      ConnectionEntity,
      { id, organizationId, status, version, noticeDueAt: Not(IsNull()) },
      { noticeDueAt: null },
    );
    if (!affected) return false;
    for (const mail of mails) await queueMail(manager, mail);
    return mails.length > 0;
  });
  if (isQueued) await deliverSoon(services);
}
