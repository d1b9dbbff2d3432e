import { datasetHash, RowHash } from '#reporting/dataset/checks.js';
import type { Column, Dataset, Manifest, Row, Section } from '#reporting/dataset/dataset.js';

/** A section as a test describes it: what it leaves out has a plain value. */
export type SectionOf = Partial<Section> & Pick<Section, 'id' | 'columns'> & { rows: Row[] };

const BATCH = 1_000;

function hashOf(rows: Row[]): string {
  const hash = new RowHash();
  for (const row of rows) hash.add(row);
  return hash.digest();
}

/** Returns a column; its role follows from its key, unless given. */
export function column(key: string, kind: Column['kind'], more: Partial<Column> = {}): Column {
  const isFigure = ['INTEGER', 'DECIMAL', 'MONEY', 'PERCENT'].includes(kind);
  const [, prefix] = /^(previous|change)\./.exec(key) ?? [];
  const role = prefix ? (prefix.toUpperCase() as Column['role']) : isFigure ? 'CURRENT' : 'DIMENSION';
  const metric = isFigure ? key.replace(/^(previous|change)\./, '') : null;
  return { key, kind, role, metric, isSummable: isFigure && kind !== 'PERCENT' && prefix !== 'change', ...more };
}

/** Returns a dataset of rows in memory, for tests. */
export function memoryDataset(sections: SectionOf[], manifest: Partial<Manifest> = {}): Dataset {
  const range = { start: '2026-10-01', end: '2026-10-31' };
  const complete = sections.map(({ rows, ...section }): Section => {
    const defaults = { kind: 'PERFORMANCE', title: null, text: null, range, compared: null } as const;
    const shown = { show: { tiles: true, table: true }, charts: [], totals: [], sources: [], controlTotals: [] };
    return { ...defaults, ...shown, totalCount: rows.length, rowCount: rows.length, hash: hashOf(rows), ...section };
  });
  return {
    manifest: {
      version: 1,
      reportId: '018f9d2e-0000-7000-8000-000000000001',
      title: 'Performance overview, October 2026',
      organization: 'Harbour Agency',
      clients: [],
      template: { id: 'performance-overview', name: 'Performance overview', version: 1 },
      range,
      compared: null,
      timeZone: 'Europe/Berlin',
      currency: null,
      conversion: null,
      language: 'en',
      generatedAt: '2026-11-02T08:00:00.000Z',
      summary: { wordedBy: 'RULES', model: null, sentences: [] },
      sections: complete,
      hash: datasetHash(complete),
      ...manifest,
    },
    async *rows(sectionId) {
      const rows = sections.find(({ id }) => id === sectionId)?.rows ?? [];
      for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
    },
  };
}
