import { EntitySchema } from 'typeorm';

/** How summaries of an organization's reports are worded; without a row, as by default. */
export interface SummarySettings {
  organizationId: string;
  isWordedByModel: boolean;
  updatedAt: Date;
}

export const SummarySettingsEntity = new EntitySchema<SummarySettings>({
  name: 'SummarySettings',
  tableName: 'summary_settings',
  columns: {
    organizationId: { type: 'uuid', name: 'organization_id', primary: true },
    isWordedByModel: { type: 'boolean', name: 'is_worded_by_model' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
