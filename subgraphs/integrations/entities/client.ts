import { EntitySchema } from 'typeorm';

/** A customer of an agency. */
export interface Client {
  id: string;
  organizationId: string;
  /** Unique in the organization, case-insensitive. */
  name: string;
  createdAt: Date;
}

export const ClientEntity = new EntitySchema<Client>({
  name: 'Client',
  tableName: 'client',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    name: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
