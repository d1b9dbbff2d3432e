import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { type JobDependencies, jobContext } from '#reporting/context.js';
import { openReportingDatabase } from '#reporting/database.js';
import { ReportEntity } from '#reporting/entities/report.js';
import { renderCsv } from '#reporting/rendering/csv/render-csv.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { storeDataset } from '#reporting/testing/store-dataset.js';
import type { Dataset, Row } from './dataset.js';
import { openDataset } from './open-dataset.js';
import { discardDataset, openDatasetWriter, publishDataset } from './store-dataset.js';

const COLUMNS = [
  column('campaign', 'TEXT'),
  column('currency', 'ID'),
  column('cost', 'MONEY'),
  column('clicks', 'INTEGER'),
];
const OTHER_COLUMNS = [column('clicks', 'INTEGER'), column('query', 'TEXT')];
const ROWS: Row[] = [
  ['=cmd;"quoted", text\n-1', 'EUR', '12.3', '1'],
  ["'=حملة 品牌 🚀", 'USD', '0.1', null],
  [null, 'EUR', '-2.305', '9007199254740993'],
];

let dependencies: JobDependencies;
let close: () => Promise<void>;

beforeAll(async () => {
  const services = await openTestServices();
  dependencies = { services, database: await openReportingDatabase(services) };
  close = () => services.lifecycle.close();
});
afterAll(() => close());

const context = () => jobContext(dependencies);
const chunkCount = async (reportId: string) => {
  const sql = 'SELECT count(*)::int AS count FROM reporting.report_chunk WHERE report_id = $1';
  const [{ count }] = await dependencies.database.query(sql, [reportId]);
  return count as number;
};
async function rowsOf(reportId: string, section: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of (await openDataset(context(), { reportId }))!.rows(section)) rows.push(...batch);
  return rows;
}

async function csvOf(dataset: Dataset): Promise<string> {
  const branding = { name: 'Agency', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };
  const output = new PassThrough();
  const [content] = await Promise.all([text(output), renderCsv(dataset, { language: 'en', branding }, output)]);
  return content;
}

describe('the dataset of a report', () => {
  const report = { id: '', attempts: 1 };
  beforeEach(async () => {
    const [{ id }] = await dependencies.database.query(
      `INSERT INTO reporting.report (organization_id, template_id, template_name, template_version, definition, title, range_start,
         range_end, language, time_zone, client_ids, created_by, status, progress, attempts, queued_at, created_at)
       VALUES ($1, 'posts', 'Posts', 1, '{}', 'Report', '2026-10-01', '2026-10-31', 'en', 'UTC', '{}', $1, 'RUNNING', 0, 1, now(), now())
       RETURNING id`,
      [randomUUID()],
    );
    Object.assign(report, { id, attempts: 1 });
  });

  it('gives back every cell, with counts and exact control totals', async () => {
    const dataset = memoryDataset([
      { id: 'campaigns', columns: COLUMNS, rows: ROWS },
      { id: 'queries', columns: OTHER_COLUMNS, rows: [['5', 'running shoes']] },
      { id: 'nothing', columns: COLUMNS, rows: [] },
    ]);
    const manifest = await storeDataset(context(), { report, dataset });
    const [campaigns, queries] = manifest.sections;
    expect(campaigns).toMatchObject({
      rowCount: 3,
      hash: dataset.manifest.sections[0]?.hash,
      controlTotals: [
        { column: 'cost', currency: 'EUR', sum: '9.995' },
        { column: 'cost', currency: 'USD', sum: '0.1' },
        { column: 'clicks', currency: null, sum: '9007199254740994' },
      ],
    });
    expect(queries?.controlTotals).toEqual([{ column: 'clicks', currency: null, sum: '5' }]);
    expect(manifest.hash).toBe(dataset.manifest.hash);
    expect(await openDataset(context(), { reportId: report.id })).toMatchObject({ manifest });
    expect(await rowsOf(report.id, 'campaigns')).toEqual(ROWS);
    expect(await rowsOf(report.id, 'queries')).toEqual([['5', 'running shoes']]);
    expect(await rowsOf(report.id, 'nothing')).toEqual([]);
    const stored = (await openDataset(context(), { reportId: report.id }))!;
    expect(await csvOf(stored)).toBe(await csvOf({ manifest, rows: (id) => dataset.rows(id) }));
  });

  it('is read by position, across chunks', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index): Row => [String(index), 'a "quoted" one']);
    const stored = memoryDataset([{ id: 'queries', columns: OTHER_COLUMNS, rows }]);
    await storeDataset(context(), { report, dataset: stored });
    expect(await chunkCount(report.id)).toBe(3);
    const dataset = (await openDataset(context(), { reportId: report.id }))!;
    for (const [start, count] of [
      [0, 1],
      [990, 20],
      [999, 1],
      [1_000, 1_000],
      [2_400, 1_000],
      [2_500, 10],
    ] as const) {
      expect(await dataset.page('queries', { start, count })).toEqual(rows.slice(start, start + count));
    }
    expect(await rowsOf(report.id, 'queries')).toEqual(rows);
  });

  it('replaces what cannot be stored, has no empty cells, and one form of each number', async () => {
    const dataset = memoryDataset(
      [
        {
          id: 'queries',
          title: 'A\0B',
          columns: OTHER_COLUMNS,
          rows: [
            ['1', 'a\0b\ud800c\r\nd'],
            ['02', ''],
          ],
        },
      ],
      { title: '\udc00' },
    );
    const manifest = await storeDataset(context(), { report, dataset });
    expect([manifest.title, manifest.sections[0]?.title]).toEqual(['\ufffd', 'A\ufffdB']);
    expect(await rowsOf(report.id, 'queries')).toEqual([
      ['1', 'a\ufffdb\ufffdc\nd'],
      ['2', null],
    ]);
  });

  it('is invisible until it is published, and another attempt starts anew', async () => {
    const sections = [{ id: 'queries', columns: OTHER_COLUMNS, range: null }];
    const first = await openDatasetWriter(context(), { report, sections });
    const thousand = Array.from({ length: 1_000 }, (): Row => ['1', 'first']);
    await first.add('queries', thousand);
    expect([await chunkCount(report.id), await openDataset(context(), { reportId: report.id })]).toEqual([1, null]);
    await dependencies.database.manager.update(ReportEntity, { id: report.id }, { attempts: 2 });
    report.attempts = 2;
    await expect(first.add('queries', thousand)).rejects.toMatchObject({ name: 'ClaimLost' });
    const { manifest } = memoryDataset([{ id: 'queries', columns: OTHER_COLUMNS, rows: [] }], { reportId: report.id });
    const second = await openDatasetWriter(context(), { report, sections });
    await second.add('queries', [['2', 'second']]);
    const [stored] = await second.finish();
    const complete = { ...manifest, sections: manifest.sections.map((section) => ({ ...section, ...stored })) };
    await dependencies.database.transaction((manager) => publishDataset(manager, { report, manifest: complete }));
    expect(await rowsOf(report.id, 'queries')).toEqual([['2', 'second']]);
    expect(await chunkCount(report.id)).toBe(1);
  });

  it('is discarded with a report that fails, and refuses rows that do not fit', async () => {
    const writer = await openDatasetWriter(context(), {
      report,
      sections: [{ id: 'q', columns: OTHER_COLUMNS, range: null }],
    });
    await writer.add('q', [['1', 'a']]);
    await writer.finish();
    expect(await chunkCount(report.id)).toBe(1);
    await discardDataset(dependencies.database.manager, { reportId: report.id });
    expect(await chunkCount(report.id)).toBe(0);
    await expect(writer.add('q', [['1']])).rejects.toThrow('A row of q has 1 cells for 2 columns.');
    await expect(writer.add('q', [['1,5', 'a']])).rejects.toThrow('A cell of q.clicks is no INTEGER: 1,5');
    const reserved = [{ id: 'q', columns: [column('row', 'INTEGER')], range: null }];
    await expect(openDatasetWriter(context(), { report, sections: reserved })).rejects.toThrow('named row');
  });

  it('cannot be read to its end once the report is deleted', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index): Row => [String(index), 'text']);
    await storeDataset(context(), {
      report,
      dataset: memoryDataset([{ id: 'queries', columns: OTHER_COLUMNS, rows }]),
    });
    const reading = (await openDataset(context(), { reportId: report.id }))!.rows('queries');
    await reading.next();
    await dependencies.database.query('DELETE FROM reporting.report WHERE id = $1', [report.id]);
    await expect(
      (async () => {
        for await (const _ of reading);
      })(),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
