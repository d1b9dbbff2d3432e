import { EntitySchema } from 'typeorm';

/** A kind of report as people see it. How its rows come about is code: `templates/`. */
export interface ReportTemplate {
  id: string;
  /** Its place among the templates. */
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
