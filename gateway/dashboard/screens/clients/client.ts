import type { ListClientsQuery } from '#gateway/client/generated/types.js';

export type Client = NonNullable<NonNullable<ListClientsQuery['organization']>['clients']>['edges'][number]['node'];

/** What of a client can be changed. */
export interface ClientValues {
  name: string;
  accountIds: string[];
}

export const valuesOf = (client: Pick<Client, 'name' | 'accounts'> | undefined): ClientValues => ({
  name: client?.name ?? '',
  accountIds: client?.accounts.map(({ id }) => id) ?? [],
});
