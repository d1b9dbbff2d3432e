import { EntitySchema } from 'typeorm';

/** Links accounts to clients, many to many. */
export interface ClientAccount {
  organizationId: string;
  clientId: string;
  accountId: string;
}

export const ClientAccountEntity = new EntitySchema<ClientAccount>({
  name: 'ClientAccount',
  tableName: 'client_account',
  columns: {
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    clientId: { type: 'uuid', primary: true, name: 'client_id' },
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
  },
});
