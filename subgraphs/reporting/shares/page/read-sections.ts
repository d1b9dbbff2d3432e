import { LRUCache } from 'lru-cache';
import type { Dataset, Row, Section } from '#reporting/dataset/dataset.js';
import { type ChartData, ChartSums } from '#reporting/rendering/charts/chart-data.js';

/** Rows of a section on the page. */
export const SHOWN_ROWS = 100;

/** What the page shows of the rows of a section. */
export interface ShownSection {
  section: Section;
  rows: Row[];
  charts: ChartData[];
}

async function readSection(dataset: Dataset, section: Section): Promise<ShownSection> {
  const rows: Row[] = [];
  const sums = section.charts.length > 0 ? new ChartSums(section) : null;
  const wanted = section.show.table ? SHOWN_ROWS : 0;
  if (wanted > 0 || sums) {
    for await (const batch of dataset.rows(section.id)) {
      if (rows.length < wanted) rows.push(...batch.slice(0, wanted - rows.length));
      if (!sums && rows.length >= wanted) break;
      for (const row of batch) sums?.add(row);
    }
  }
  return { section, rows, charts: sums?.result() ?? [] };
}

async function readAll(dataset: Dataset): Promise<ShownSection[]> {
  const shown: ShownSection[] = [];
  for (const section of dataset.manifest.sections) shown.push(await readSection(dataset, section));
  return shown;
}

const MAX_REPORTS = 20;
/** A dataset never changes: views at the same time, and soon after another, read it once. */
const recent = new LRUCache<string, Promise<ShownSection[]>>({ max: MAX_REPORTS, ttl: 10 * 60 * 1000 });

/** Returns what the page shows of each section of a report. */
export function readSections(dataset: Dataset): Promise<ShownSection[]> {
  const { reportId, hash, generatedAt } = dataset.manifest;
  const key = `${reportId} ${hash} ${generatedAt}`;
  const known = recent.get(key);
  if (known) return known;
  const reading = readAll(dataset);
  recent.set(key, reading);
  reading.catch(() => recent.delete(key));
  return reading;
}
