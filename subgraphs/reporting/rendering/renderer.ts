import type { Writable } from 'node:stream';
import type { Dataset, Language } from '#reporting/dataset/dataset.js';

/** The formats of report files. */
export const formats = ['pdf', 'xlsx', 'csv'] as const;
export type Format = (typeof formats)[number];

/** How the pages and files of an organization or a client look. Colours are `#rrggbb`. */
export interface Branding {
  /** The name on the cover. */
  name: string;
  logo: { png: Uint8Array; width: number; height: number } | null;
  /** Of headings and the first series; readable on white. */
  primaryColor: string;
  accentColor: string;
  /** One line at the foot of each page. */
  footer: string | null;
}

/** How spreadsheets of a country read CSV files; undefined = RFC 4180 with a decimal point. */
export interface Excel {
  separator: ',' | ';' | '\t';
  decimalMark: '.' | ',';
}

/** How one file of a report is written. */
export interface Presentation {
  language: Language;
  branding: Branding;
  /** Of CSV files only. */
  excel?: Excel;
  /** Of CSV files only: the id of the section that is written alone. */
  section?: string;
}

/**
 * Writes a file of a dataset and ends the output. Respects its backpressure, and holds no more than a few batches of rows. Throws when
 * the output is destroyed.
 */
export type Renderer = (dataset: Dataset, presentation: Presentation, output: Writable) => Promise<void>;
