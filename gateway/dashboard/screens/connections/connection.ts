import type { ConnectionsQuery } from '#dashboard/graph/generated/graphql.ts';

export type Connection = NonNullable<NonNullable<ConnectionsQuery['organization']>['connections']>[number];

export type Account = Connection['accounts'][number];
