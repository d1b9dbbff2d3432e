import type { Row } from '#reporting/dataset/dataset.js';
import type { FileFacts } from './file-facts.js';

/** A row of a file with the check beside it. */
export interface CheckedRow {
  /** The id of its section. */
  section: string;
  cells: Row;
  check: string;
  /** Its number in the section as the file says it, from 1; null where a format has none. */
  number: number | null;
  /** What was changed in it besides its cells, such as the id of the report. */
  changedColumn?: string;
}

/** A file of a report, opened to be checked. */
export interface ReportFile {
  facts: FileFacts;
  /** The sections that are in it, with the number of their rows that are: fewer than there are where a format has not all of them. */
  shown: { id: string; rowCount: number }[];
  /** Returns the rows that are in the file, in order, section by section. */
  rows(): AsyncIterable<CheckedRow>;
  /** Returns the first change elsewhere in the file, in a sentence, once the rows are read; null or absent = there is none. */
  otherChange?(): string | null;
}

/** A file that is none of a report. */
export class NotAReportFile extends Error {
  override name = 'NotAReportFile';
}

/** A file of a report that is cut off, or whose manifest cannot be read. */
export class DamagedReportFile extends Error {
  override name = 'DamagedReportFile';
}

/** Opens a file of one format. Throws NotAReportFile and DamagedReportFile. */
export type OpenReportFile = (path: string) => Promise<ReportFile>;
