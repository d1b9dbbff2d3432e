import { EntitySchema } from 'typeorm';

/** One row of a report that is READY. */
export interface ReportRow {
  reportId: string;
  /** From 0, without gaps. */
  position: number;
  /** One per column of the template. */
  cells: string[];
}

export const ReportRowEntity = new EntitySchema<ReportRow>({
  name: 'ReportRow',
  tableName: 'report_row',
  columns: {
    reportId: { type: 'uuid', primary: true, name: 'report_id' },
    position: { type: 'integer', primary: true },
    cells: { type: 'jsonb' },
  },
});
