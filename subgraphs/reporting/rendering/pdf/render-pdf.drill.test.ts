import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Row } from '#reporting/dataset/dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { openPdf } from '#reporting/verification/open-pdf.js';
import { PageReader } from '#reporting/verification/pdf/page-text.js';
import { PdfObjects } from '#reporting/verification/pdf/pdf-objects.js';
import { verifyReport } from '#reporting/verification/verify-report.js';
import { MAX_CHARACTERS, MAX_ROWS } from './parts/section.js';
import { renderPdf } from './render-pdf.js';

const branding = { name: 'Harbour', logo: null, primaryColor: '#14508c', accentColor: '#c2410c', footer: null };
const columns = [column('campaign', 'TEXT'), column('clicks', 'INTEGER')];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-pdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function render(rows: Row[], name: string) {
  const path = join(folder, name);
  const dataset = memoryDataset([{ id: 'performance', columns, rows, show: { tiles: false, table: true } }]);
  await renderPdf(dataset, { language: 'en', branding }, createWriteStream(path));
  const objects = new PdfObjects(await readFile(path));
  const reader = new PageReader(objects);
  const text = objects
    .pages()
    .map((page) => reader.read(page).text)
    .join('');
  return { verdict: await verifyReport(await openPdf(path)), text };
}

describe('a PDF file of very many rows', () => {
  it('shows 5,000 of a section, and says so on the page and in its control figures', async () => {
    const rows = Array.from({ length: MAX_ROWS + 1 }, (_, index): Row => [`c${index}.`, `${index}`]);
    const { verdict, text } = await render(rows, 'rows.pdf');
    expect(verdict).toMatchObject({ rowCounts: [{ rowCount: MAX_ROWS }], change: null });
    expect(text.match(/Thefirst5,000of5,001rowsareshownhere/g)).toHaveLength(2);
    expect(text.includes('c4999.')).toBe(true);
    expect(text.includes('c5000.')).toBe(false);
  });

  it('shows fewer where their texts are very long', async () => {
    const rows = Array.from({ length: 250 }, (_, index): Row => ['long name '.repeat(1_000), `${index}`]);
    const { verdict, text } = await render(rows, 'texts.pdf');
    const shown = Math.floor(MAX_CHARACTERS / 10_002);
    expect(verdict).toMatchObject({ rowCounts: [{ rowCount: shown }], change: null });
    expect(text.includes(`Thefirst${shown}of250rows`)).toBe(true);
  });
});
