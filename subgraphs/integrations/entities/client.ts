import { EntitySchema } from 'typeorm';

/** A customer of an agency. */
export interface Client {
  id: string;
  organizationId: string;
  /** Unique among the organization's clients that are not archived, case-insensitive. */
  name: string;
  /** Counts changes. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** null = in use. */
  archivedAt: Date | null;
}

export const ClientEntity = new EntitySchema<Client>({
  name: 'Client',
  tableName: 'client',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    name: { type: 'text' },
    version: { type: 'int', default: 1 },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
    updatedAt: { type: 'timestamptz', name: 'updated_at', default: () => 'now()' },
    archivedAt: { type: 'timestamptz', name: 'archived_at', nullable: true },
  },
});
