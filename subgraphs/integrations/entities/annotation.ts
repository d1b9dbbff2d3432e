import { EntitySchema } from 'typeorm';

/** A note on days: of the organization, a client or an account. */
export interface Annotation {
  id: string;
  organizationId: string;
  /** `YYYY-MM-DD`. */
  startsOn: string;
  endsOn: string;
  text: string;
  clientId: string | null;
  accountId: string | null;
  createdBy: string | null;
  createdByKey: string | null;
  /** Counts changes. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const AnnotationEntity = new EntitySchema<Annotation>({
  name: 'Annotation',
  tableName: 'annotation',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    startsOn: { type: 'date', name: 'starts_on' },
    endsOn: { type: 'date', name: 'ends_on' },
    text: { type: 'text' },
    clientId: { type: 'uuid', name: 'client_id', nullable: true },
    accountId: { type: 'uuid', name: 'account_id', nullable: true },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    createdByKey: { type: 'uuid', name: 'created_by_key', nullable: true },
    version: { type: 'int', default: 1 },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
