import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '#reporting/context.js';
import type { Column, Dataset, Manifest, Row, Section } from '#reporting/dataset/dataset.js';
import { openDataset, type StoredDataset } from '#reporting/dataset/open-dataset.js';
import { storeDataset } from '#reporting/testing/store-dataset.js';

const BATCH = 1_000;

const column = (key: string, kind: Column['kind'], isFigure = false): Column => ({
  key,
  kind,
  role: isFigure ? 'CURRENT' : 'DIMENSION',
  metric: isFigure ? key : null,
  isSummable: isFigure,
});

const COLUMNS = [
  column('day', 'DATE'),
  column('campaign', 'TEXT'),
  column('campaign_id', 'ID'),
  column('currency', 'ID'),
  column('impressions', 'INTEGER', true),
  column('clicks', 'INTEGER', true),
  column('cost', 'MONEY', true),
  column('conversions', 'DECIMAL', true),
];

/** Names in the scripts that customers have. */
const NAMES = ['Autumn sale', 'Search, brand', 'حملة الخريف', '秋季促销', 'ブランド検索', 'Café – remarketing'];

const rowOf = (index: number): Row => [
  `2026-10-${String((index % 31) + 1).padStart(2, '0')}`,
  `${NAMES[index % NAMES.length]} ${index % 997}`,
  String(120_000_000_000 + (index % 997)),
  'EUR',
  String((index * 7_919) % 100_003),
  String((index * 31) % 1_009),
  `${(index * 13) % 10_007}.${String(index % 100).padStart(2, '0')}`,
  `${index % 17}.5`,
];

const CHARTS: Section['charts'] = [
  { type: 'LINE', value: 'clicks', by: 'day', series: null, top: 8 },
  { type: 'BAR', value: 'cost', by: 'campaign', series: null, top: 8 },
  { type: 'DONUT', value: 'impressions', by: 'campaign', series: null, top: 6 },
];

const range = { start: '2026-10-01', end: '2026-10-31' };

function sectionOf(id: string, rowCount: number): Section {
  return {
    ...{ id, kind: 'PERFORMANCE', title: null, text: null, range, compared: null, columns: COLUMNS, charts: CHARTS },
    ...{ show: { tiles: true, table: true }, totals: [], sources: [], totalCount: rowCount, rowCount },
    ...{ controlTotals: [], hash: '' },
  };
}

/** Returns a dataset with so many rows in each of its sections. */
function datasetOf(sizes: number[]): Dataset {
  const manifest: Manifest = {
    ...{
      version: 1,
      reportId: '',
      title: 'Performance',
      organization: 'Harbour Agency',
      clients: [],
      range,
      compared: null,
    },
    ...{
      template: { id: 'performance-overview', name: 'Performance overview', version: 1 },
      timeZone: 'Europe/Berlin',
    },
    ...{ currency: null, conversion: null, language: 'en', generatedAt: '2026-11-02T08:00:00.000Z', hash: '' },
    summary: { wordedBy: 'RULES', model: null, sentences: ['Clicks rose.'] },
    sections: sizes.map((rowCount, index) => sectionOf(`section-${index + 1}`, rowCount)),
  };
  return {
    manifest,
    async *rows(sectionId) {
      const rowCount = manifest.sections.find(({ id }) => id === sectionId)?.rowCount ?? 0;
      for (let start = 0; start < rowCount; start += BATCH) {
        yield Array.from({ length: Math.min(BATCH, rowCount - start) }, (_, index) => rowOf(start + index));
      }
    },
  };
}

/** Stores a report with so many rows in each of its sections. */
export async function storeBenchReport(context: ServiceContext, sizes: number[]): Promise<StoredDataset> {
  const [{ id }] = await context.database.query(
    `INSERT INTO reporting.report (organization_id, template_id, template_name, template_version, definition, title, range_start,
       range_end, language, time_zone, client_ids, created_by, status, progress, attempts, queued_at, created_at)
     VALUES ($1, 'posts', 'Posts', 1, '{}', 'Report', '2026-10-01', '2026-10-31', 'en', 'UTC', '{}', $1, 'RUNNING', 0, 1, now(), now())
     RETURNING id`,
    [randomUUID()],
  );
  await storeDataset(context, { report: { id, attempts: 1 }, dataset: datasetOf(sizes) });
  const stored = await openDataset(context, { reportId: id });
  if (!stored) throw new Error('The report was not stored.');
  return stored;
}
