import { z } from 'zod';
import { rowCheck } from '#reporting/dataset/checks.js';
import type { Cell, Manifest, Row } from '#reporting/dataset/dataset.js';
import { factsOf } from '#reporting/verification/file-facts.js';

/** The name of the attachment that says what the file has. */
export const CONTENTS_FILE = 'report.json';

/** Returns the name of the attachment with the rows of a section. */
export const rowsFileOf = (sectionId: string): string => `${sectionId}.jsonl`;

const contents = z.object({
  printing: z.object({
    sections: z.array(z.object({ id: z.string(), rowCount: z.int().nonnegative(), isTable: z.boolean() })),
    /** The CRC-32 of the text of each page, without its foot. */
    pages: z.array(z.int()),
  }),
});

/** What a PDF file says about what is printed in it, beside the facts of every file of a report. */
export type Printing = z.output<typeof contents>['printing'];

/** Returns the content of `CONTENTS_FILE`. */
export function contentsOf(manifest: Manifest, printing: Printing): string {
  return JSON.stringify({ ...factsOf(manifest), printing, manifest });
}

/** Returns what is printed in a file, from its parsed `CONTENTS_FILE`; null when it does not say so. */
export function readPrinting(value: unknown): Printing | null {
  return contents.safeParse(value).data?.printing ?? null;
}

/** How a row was printed. */
export interface PrintedRow {
  /** What its cells say, glyph by glyph, without spaces. */
  cells: string[];
  /** The number of pages it is on. */
  pages: number;
}

/** A row of an attachment with its checks. */
export interface AttachedRow {
  check: string;
  /** The check of its cells as they are printed; null when they are not. */
  printedCheck: string | null;
  pages: number;
  cells: Row;
}

/** Returns the line of a row in the attachment of its section. */
export function rowLine(row: Row, printed: PrintedRow | null): string {
  return `${JSON.stringify([rowCheck(row), printed ? rowCheck(printed.cells) : null, printed?.pages ?? 0, ...row])}\n`;
}

const line = z.tuple([z.string(), z.string().nullable(), z.int().nonnegative()], z.string().nullable());

/** Reads a line of an attachment. Throws for what is none. */
export function readRowLine(text: string): AttachedRow {
  const [check, printedCheck, pages, ...cells] = line.parse(JSON.parse(text));
  return { check, printedCheck, pages, cells: cells as Cell[] };
}
