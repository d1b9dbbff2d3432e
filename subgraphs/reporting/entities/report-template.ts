import { EntitySchema } from 'typeorm';

/** The description of a report template; `templates/` makes its rows. */
export interface ReportTemplate {
  id: string;
  /** The sort order. */
  position: number;
  name: string;
  description: string;
  columns: { key: string; title: string; kind: 'TEXT' | 'INTEGER' | 'DECIMAL' }[];
}

export const ReportTemplateEntity = new EntitySchema<ReportTemplate>({
  name: 'ReportTemplate',
  tableName: 'report_template',
  columns: {
    id: { type: 'text', primary: true },
    position: { type: 'integer' },
    name: { type: 'text' },
    description: { type: 'text' },
    columns: { type: 'jsonb' },
  },
});
