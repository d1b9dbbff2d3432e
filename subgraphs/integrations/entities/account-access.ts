import { EntitySchema } from 'typeorm';

/** A connection that opens an account; several may. */
export interface AccountAccess {
  organizationId: string;
  connectionId: string;
  accountId: string;
  /** What the provider needs besides the id. */
  access: Record<string, string>;
}

export const AccountAccessEntity = new EntitySchema<AccountAccess>({
  name: 'AccountAccess',
  tableName: 'account_access',
  columns: {
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    connectionId: { type: 'uuid', primary: true, name: 'connection_id' },
    accountId: { type: 'uuid', primary: true, name: 'account_id' },
    access: { type: 'jsonb' },
  },
});
