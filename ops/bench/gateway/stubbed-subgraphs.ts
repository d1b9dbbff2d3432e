import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import { applyPermissions } from '#kit/permission.js';
import type { Identity } from '#runtime/identity/identity.js';
import { scalars } from '#schema/scalars.js';
import { type SubgraphName, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import type { Dashboard, DashboardRequest } from './dashboard-load.js';

// Real schemas and permissions over memory: what remains is the gateway, its data sources and GraphQL.

interface Context {
  identity: Identity;
}

type Range = DashboardRequest['range'];

const nameOf = ({ start, end }: Range) => `${start} ${end}`;

/** One user's dashboards, which differ in their campaigns only. */
export interface StubbedUser {
  me: Dashboard['me'];
  connections: object[];
}

function stubUser(answers: { range: Range; me: Dashboard['me'] }[]): StubbedUser {
  const { me } = answers[0] as (typeof answers)[number];
  const connections = me.organization.connections.map((connection, index) => ({
    ...connection,
    accounts: connection.accounts.map((account, position) => {
      const campaignsOf = (dashboard: Dashboard['me']) =>
        dashboard.organization.connections[index]?.accounts[position]?.campaigns;
      const byRange = new Map(answers.map((answer) => [nameOf(answer.range), campaignsOf(answer.me)]));
      return { ...account, campaigns: ({ range }: { range: Range }) => byRange.get(nameOf(range)) };
    }),
  }));
  return { me, connections };
}

function resolversOver(dashboardOf: (personId: string | undefined) => StubbedUser): Record<SubgraphName, object> {
  const Organization = { __resolveReference: (organization: object) => organization };
  const of = ({ identity }: Context) => dashboardOf(identity.userId);
  const createdAt = '2026-10-01T00:00:00.000Z';
  return {
    auth: {
      Query: {
        me: (_root: unknown, _args: unknown, context: Context) => {
          const { userId: id, organizationId } = context.identity;
          const { name, organization } = of(context).me;
          return { id, name, organization: { id: organizationId, name: organization.name, createdAt } };
        },
      },
      User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: dashboardOf(id).me.name }) },
    },
    integrations: {
      Organization: {
        ...Organization,
        connections: (_organization: unknown, _args: unknown, context: Context) => of(context).connections,
      },
    },
    reporting: {
      Organization: {
        ...Organization,
        reports: (_organization: unknown, _args: unknown, context: Context) => of(context).me.organization.reports,
      },
      Report: { createdBy: (_report: unknown, _args: unknown, { identity }: Context) => ({ id: identity.userId }) },
    },
    billing: {
      Organization: {
        ...Organization,
        subscription: (_organization: unknown, _args: unknown, context: Context) =>
          of(context).me.organization.subscription,
      },
    },
  };
}

/** Returns the dashboards of each user, by id. */
export function stubUsers(requests: DashboardRequest[], answers: Dashboard[]): Map<string | undefined, StubbedUser> {
  const byPerson = new Map<string | undefined, { range: Range; me: Dashboard['me'] }[]>();
  for (const [index, { user, range }] of requests.entries()) {
    const { me } = answers[index] as Dashboard;
    byPerson.set(user.userId, [...(byPerson.get(user.userId) ?? []), { range, me }]);
  }
  return new Map([...byPerson].map(([id, known]) => [id, stubUser(known)]));
}

/** Returns a schema per subgraph with these answers. Its context is `{ identity }`. */
export function stubSchemas(
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<[SubgraphName, GraphQLSchema][]> {
  const stubbed = stubUsers(requests, answers);
  const resolvers = resolversOver((id) => stubbed.get(id) as StubbedUser);
  return Promise.all(
    subgraphNames.map(async (name) => {
      const schema = buildSubgraphSchema({
        typeDefs: typeDefinitionsOf(name),
        resolvers: { ...scalars, ...resolvers[name] },
      });
      return [name, applyPermissions(schema, (await subgraphs[name]()).permissions)] satisfies [string, GraphQLSchema];
    }),
  );
}
