import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import { applyPermissions } from '#kit/permission.js';
import type { Identity } from '#runtime/identity/identity.js';
import { scalars } from '#schema/scalars.js';
import { type SubgraphName, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import type { Dashboard, DashboardRequest } from './dashboard-load.js';

// The contracts and permissions are the real ones; the resolvers know the dashboards already. What is left to take time
// is the gateway, the way to its subgraphs, and GraphQL itself.

interface Context {
  identity: Identity;
}

type Range = DashboardRequest['range'];

const nameOf = ({ start, end }: Range) => `${start} ${end}`;

/** What one person's dashboards say; they differ in their campaigns only. */
interface Remembered {
  me: Dashboard['me'];
  connections: object[];
}

function rememberOne(answers: { range: Range; me: Dashboard['me'] }[]): Remembered {
  const { me } = answers[0] as (typeof answers)[number];
  const connections = me.organization.connections.map((connection, place) => ({
    ...connection,
    accounts: connection.accounts.map((account, position) => {
      const campaignsOf = (dashboard: Dashboard['me']) =>
        dashboard.organization.connections[place]?.accounts[position]?.campaigns;
      const byRange = new Map(answers.map((answer) => [nameOf(answer.range), campaignsOf(answer.me)]));
      return { ...account, campaigns: ({ range }: { range: Range }) => byRange.get(nameOf(range)) };
    }),
  }));
  return { me, connections };
}

function resolversOver(knownTo: (personId: string | undefined) => Remembered): Record<SubgraphName, object> {
  const Organization = { __resolveReference: (organization: object) => organization };
  const of = ({ identity }: Context) => knownTo(identity.userId);
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
      User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: knownTo(id).me.name }) },
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

/** Returns, for every subgraph, a schema that answers these requests as they were answered. Its context is `{ identity }`. */
export async function rememberedSchemas(
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<[SubgraphName, GraphQLSchema][]> {
  const byPerson = new Map<string | undefined, { range: Range; me: Dashboard['me'] }[]>();
  for (const [place, { person, range }] of requests.entries()) {
    const { me } = answers[place] as Dashboard;
    byPerson.set(person.userId, [...(byPerson.get(person.userId) ?? []), { range, me }]);
  }
  const remembered = new Map([...byPerson].map(([id, known]) => [id, rememberOne(known)]));
  const resolvers = resolversOver((id) => remembered.get(id) as Remembered);
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
