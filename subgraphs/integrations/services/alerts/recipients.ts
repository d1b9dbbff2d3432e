import type { Context } from '#integrations/context.js';
import type { Alert } from '#integrations/entities/alert.js';
import { visibleTo } from '#integrations/loaders/visible-accounts.js';

const MEMBERS = /* GraphQL */ `
  query AlertRecipients($after: String) {
    organization {
      name
      members(first: 1000, after: $after) {
        edges { node { user { id name email } clients { id } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

/** A member of the organization. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
  /** The clients the member is limited to; null = all. */
  clientIds: string[] | null;
}

interface Answer {
  organization: {
    name: string;
    members: {
      edges: { node: { user: Omit<Recipient, 'clientIds'>; clients: ({ id: string } | null)[] | null } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  } | null;
}

const readPage = ({ services, identity }: Context, organizationId: string, after: string | null): Promise<Answer> =>
  services.graph.query<Answer>(
    { query: MEMBERS, variables: { after } },
    { part: 'integrations', organizationId, requestId: identity.requestId },
  );

/** Returns the members of an organization by id, as they are now. */
export async function readMembers(
  context: Context,
  organizationId: string,
): Promise<{ organizationName: string; members: Map<string, Recipient> }> {
  const members = new Map<string, Recipient>();
  let organizationName = '';
  let after: string | null = null;
  for (;;) {
    const { organization }: Answer = await readPage(context, organizationId, after);
    if (!organization) return { organizationName, members };
    organizationName = organization.name;
    const { edges, pageInfo } = organization.members;
    for (const { node } of edges) {
      const clientIds = node.clients?.flatMap((client) => client?.id ?? []) ?? null;
      members.set(node.user.id, { ...node.user, clientIds });
    }
    if (!pageInfo.hasNextPage) return { organizationName, members };
    after = pageInfo.endCursor;
  }
}

type About = Pick<Alert, 'organizationId' | 'clientId' | 'accountIds' | 'connectionId'>;

/** Returns those alerts that a member may see: a member limited to clients those about these and their accounts. */
export async function seenBy<Found extends About>(
  { database }: Context,
  { clientIds }: Recipient,
  alerts: Found[],
): Promise<Found[]> {
  if (!clientIds) return alerts;
  const [first] = alerts;
  if (!first) return [];
  const { organizationId } = first;
  const visible = visibleTo(database, { kind: 'service', scopes: [], requestId: '', organizationId, clientIds });
  const accountIds = await visible.accountIds();
  return alerts.filter((alert) => {
    if (alert.connectionId) return false;
    if (alert.clientId) return clientIds.includes(alert.clientId);
    return alert.accountIds.length > 0 && alert.accountIds.every((id) => accountIds?.has(id));
  });
}
