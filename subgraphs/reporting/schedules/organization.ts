import type { ServiceContext } from '#reporting/context.js';
import { callerFor } from '#reporting/making/graph.js';
import { areVisible } from '#reporting/visible-clients.js';
import { NotFound, ServiceUnavailable } from '#runtime/errors.js';
import type { GraphOperation, GraphRequestFailed } from '#runtime/http/graph-client.js';
import type { Role } from '#runtime/identity/identity.js';
import { isUnavailable } from '#runtime/jobs/jobs.js';
import { comparableAddress } from '#runtime/mail/address.js';

const MEMBERS = /* GraphQL */ `
  query ReportScheduleMembers($after: String) {
    organization {
      name
      timeZone
      members(first: 1000, after: $after) {
        edges { node { role user { id name email emailVerifiedAt } clients { id } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

/** A member of an organization, as auth has them now. */
export interface Member {
  id: string;
  name: string;
  email: string;
  isVerified: boolean;
  role: Role;
  /** The clients they are limited to; null = not limited. */
  clientIds: string[] | null;
}

/** An organization, as auth has it now. */
export interface OrganizationNow {
  name: string;
  timeZone: string;
  /** By id. */
  members: Map<string, Member>;
}

interface Answer {
  organization: {
    name: string;
    timeZone: string;
    members: {
      edges: {
        node: {
          role: Role;
          user: { id: string; name: string; email: string; emailVerifiedAt: string | null };
          clients: ({ id: string } | null)[] | null;
        };
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  } | null;
}

async function ask<Data>({ services, identity }: ServiceContext, organizationId: string, operation: GraphOperation) {
  try {
    return await services.graph.queryPartly<Data>(operation, callerFor(organizationId, identity.requestId));
  } catch (error) {
    throw isUnavailable(error) ? new ServiceUnavailable({ cause: error }) : error;
  }
}

/** Returns an organization with its members. Throws ServiceUnavailable while the graph does not answer, NotFound when it is gone. */
export async function readOrganization(context: ServiceContext, organizationId: string): Promise<OrganizationNow> {
  const members = new Map<string, Member>();
  let after: string | null = null;
  for (;;) {
    const answer: { data: Answer; errors: GraphRequestFailed[] } = await ask<Answer>(context, organizationId, {
      query: MEMBERS,
      variables: { after },
    });
    const [error] = answer.errors;
    if (error) throw isUnavailable(error) ? new ServiceUnavailable({ cause: error }) : error;
    const { organization } = answer.data;
    if (!organization) throw new NotFound('organization');
    const { edges, pageInfo } = organization.members;
    for (const { node } of edges) {
      const { emailVerifiedAt, ...user } = node.user;
      const clientIds = node.clients?.flatMap((client) => client?.id ?? []) ?? null;
      members.set(user.id, { ...user, isVerified: emailVerifiedAt !== null, role: node.role, clientIds });
    }
    if (!pageInfo.hasNextPage) return { name: organization.name, timeZone: organization.timeZone, members };
    after = pageInfo.endCursor;
  }
}

/** Returns the member with an address, verified or not. */
export function memberWithAddress({ members }: OrganizationNow, email: string): Member | undefined {
  const wanted = comparableAddress(email);
  return [...members.values()].find((member) => comparableAddress(member.email) === wanted);
}

/** Whether a member may own a schedule: at least the role ANALYST, not limited to clients. */
export const mayOwn = (member: Member | undefined): member is Member =>
  member !== undefined && member.role !== 'VIEWER' && member.clientIds === null;

/** Whether a member may see reports about these clients; none = about every account. */
export const maySee = ({ clientIds: seen }: Member, clientIds: string[]): boolean => areVisible(clientIds, seen);

const CLIENTS_PER_OPERATION = 50;

/** Returns those clients that an organization does not have. Throws ServiceUnavailable while the graph does not answer. */
export async function findMissingClients(
  context: ServiceContext,
  { organizationId, clientIds }: { organizationId: string; clientIds: string[] },
): Promise<string[]> {
  const missing: string[] = [];
  for (let start = 0; start < clientIds.length; start += CLIENTS_PER_OPERATION) {
    const ids = clientIds.slice(start, start + CLIENTS_PER_OPERATION);
    const query = `query ReportScheduleClients(${ids.map((_, index) => `$id${index}: ID!`).join(', ')}) {
      ${ids.map((_, index) => `client${index}: client(id: $id${index}) { id }`).join('\n')} }`;
    const variables = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]));
    const { data, errors } = await ask<Record<string, { id: string } | null>>(context, organizationId, {
      query,
      variables,
    });
    const failure = errors.find(({ code }) => code !== 'NOT_FOUND');
    if (failure) throw isUnavailable(failure) ? new ServiceUnavailable({ cause: failure }) : failure;
    missing.push(...ids.filter((_, index) => !data[`client${index}`]));
  }
  return missing;
}
