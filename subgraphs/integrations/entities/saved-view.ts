import { EntitySchema } from 'typeorm';

/** A question by name. */
export interface SavedView {
  id: string;
  organizationId: string;
  name: string;
  kind: 'PERFORMANCE';
  /** As its kind takes it. */
  question: object;
  /** null = they have left; then it is shared. */
  ownerId: string | null;
  isShared: boolean;
  /** Counts changes. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const SavedViewEntity = new EntitySchema<SavedView>({
  name: 'SavedView',
  tableName: 'saved_view',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    name: { type: 'text' },
    kind: { type: 'text' },
    question: { type: 'jsonb' },
    ownerId: { type: 'uuid', name: 'owner_id', nullable: true },
    isShared: { type: 'boolean', name: 'is_shared' },
    version: { type: 'int', default: 1 },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
