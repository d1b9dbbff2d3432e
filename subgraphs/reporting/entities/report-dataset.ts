import { EntitySchema } from 'typeorm';
import type { Manifest } from '#reporting/dataset/dataset.js';

/** The published data of a report: its rows are the chunks of the same attempt. */
export interface ReportDataset {
  reportId: string;
  attempt: number;
  /** Of the manifest. */
  hash: string;
  /** Of all sections together. */
  rowCount: number;
  manifest: Manifest;
}

export const ReportDatasetEntity = new EntitySchema<ReportDataset>({
  name: 'ReportDataset',
  tableName: 'report_dataset',
  columns: {
    reportId: { type: 'uuid', primary: true, name: 'report_id' },
    attempt: { type: 'integer' },
    hash: { type: 'text' },
    rowCount: { type: 'integer', name: 'row_count' },
    manifest: { type: 'jsonb' },
  },
});

/** Consecutive rows of a section, as lines of the table of the report (see `dataset/table-layout.ts`). */
export interface ReportChunk {
  reportId: string;
  attempt: number;
  /** The position of its section in the manifest. */
  section: number;
  /** From 0, without gaps. */
  firstRow: number;
  rowCount: number;
  lines: string;
}

export const ReportChunkEntity = new EntitySchema<ReportChunk>({
  name: 'ReportChunk',
  tableName: 'report_chunk',
  columns: {
    reportId: { type: 'uuid', primary: true, name: 'report_id' },
    attempt: { type: 'integer', primary: true },
    section: { type: 'integer', primary: true },
    firstRow: { type: 'integer', primary: true, name: 'first_row' },
    rowCount: { type: 'integer', name: 'row_count' },
    lines: { type: 'text' },
  },
});
