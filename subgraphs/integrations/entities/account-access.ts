import { EntitySchema } from 'typeorm';

/** That a connection opens an account. Two people of one organization may both open it, each in their own way. */
export interface AccountAccess {
  organizationId: string;
  connectionId: string;
  accountId: string;
  /** What the provider needs besides the account's id when it is opened with this connection. */
  access: Record<string, string>;
}

export const AccountAccessEntity = new EntitySchema<AccountAccess>({
  name: 'AccountAccess',
  tableName: 'account_access',
  columns: {
    organizationId: { type: 'uuid', name: 'organization_id' },
    connectionId: { type: 'uuid', primary: true, name: 'connection_id' },
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
    access: { type: 'jsonb' },
  },
});
