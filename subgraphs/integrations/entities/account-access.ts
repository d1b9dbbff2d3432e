import { EntitySchema } from 'typeorm';

/** A connection that opens an account; several users of an organization may each open it. */
export interface AccountAccess {
  organizationId: string;
  connectionId: string;
  accountId: string;
  /** What the provider needs to open it with this connection. */
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
