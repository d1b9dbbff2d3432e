import { z } from 'zod';
import type { Manifest, Section } from '#reporting/dataset/dataset.js';

const column = z.object({
  key: z.string(),
  kind: z.enum(['TEXT', 'ID', 'DATE', 'INTEGER', 'DECIMAL', 'MONEY', 'PERCENT']),
  isSummable: z.boolean(),
});

const section = z.object({
  id: z.string(),
  columns: z.array(column),
  rowCount: z.int().nonnegative(),
  controlTotals: z.array(z.object({ column: z.string(), currency: z.string().nullable(), sum: z.string() })),
  hash: z.string(),
});

const facts = z.object({
  format: z.literal('webmetrics-report'),
  version: z.literal(1),
  reportId: z.string(),
  generatedAt: z.string(),
  hash: z.string(),
  sections: z.array(section),
});

/** What each file says about the rows of a section. */
export type SectionFacts = z.output<typeof section>;

/** What each file of a report says about its rows, as JSON: its manifest. */
export type FileFacts = z.output<typeof facts>;

const sectionFacts = ({ id, columns, rowCount, controlTotals, hash }: Section): SectionFacts => ({
  id,
  columns: columns.map(({ key, kind, isSummable }) => ({ key, kind, isSummable })),
  rowCount,
  controlTotals: controlTotals.map(({ column, currency, sum }) => ({ column, currency, sum })),
  hash,
});

/** Returns what a file says about the rows of a report. */
export function factsOf({ version, reportId, generatedAt, hash, sections }: Manifest): FileFacts {
  return { format: 'webmetrics-report', version, reportId, generatedAt, hash, sections: sections.map(sectionFacts) };
}

/** Returns the facts in parsed JSON; null when it has none. */
export function readFacts(value: unknown): FileFacts | null {
  const result = facts.safeParse(value);
  return result.success ? result.data : null;
}
