import { EntitySchema } from 'typeorm';
import type { Definition } from '#reporting/templates/definition.js';

/** A template of an organization. */
export interface CustomTemplate {
  id: string;
  organizationId: string;
  name: string;
  description: string;
  /** Counts changes. */
  version: number;
  definition: Definition;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** When it was deleted; its reports still name it. */
  archivedAt: Date | null;
}

export const CustomTemplateEntity = new EntitySchema<CustomTemplate>({
  name: 'CustomTemplate',
  tableName: 'report_template',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    name: { type: 'text' },
    description: { type: 'text' },
    version: { type: 'integer' },
    definition: { type: 'jsonb' },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
    archivedAt: { type: 'timestamptz', name: 'archived_at', nullable: true },
  },
});
