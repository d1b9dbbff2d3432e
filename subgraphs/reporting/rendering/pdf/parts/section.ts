import type { Dataset, Row, Section } from '#reporting/dataset/dataset.js';
import { ChartSums } from '#reporting/rendering/charts/chart-data.js';
import { drawChart } from '#reporting/rendering/charts/draw-chart.js';
import { rowLine, rowsFileOf } from '#reporting/rendering/pdf/attachments.js';
import { A4 } from '#reporting/rendering/pdf/document.js';
import type { Element } from '#reporting/rendering/pdf/tags.js';
import { drawScene } from './chart.js';
import { type Flow, styles } from './flow.js';
import { drawTable, prepareTable } from './table.js';
import { drawTiles } from './tiles.js';

/** How much of a section a PDF file shows; CSV and XLSX files have everything. */
export const MAX_ROWS = 5_000;
export const MAX_CHARACTERS = 2_000_000;

/** The rows a PDF file shows, and charts of all of them. */
async function readSection(dataset: Dataset, section: Section) {
  const sums = new ChartSums(section);
  const rows: Row[] = [];
  let characters = 0;
  for await (const batch of dataset.rows(section.id)) {
    for (const row of batch) {
      sums.add(row);
      if (rows.length === MAX_ROWS || characters > MAX_CHARACTERS) continue;
      for (const cell of row) characters += cell?.length ?? 0;
      if (characters <= MAX_CHARACTERS) rows.push(row);
    }
    if (section.charts.length === 0 && (rows.length === MAX_ROWS || characters > MAX_CHARACTERS)) break;
  }
  return { rows, charts: sums.result() };
}

/** Draws a section, attaches the rows it shows, and returns how many they are. */
export async function drawSection(flow: Flow, dataset: Dataset, section: Section): Promise<number> {
  const { document } = flow;
  const { texts, tags, branding, text } = document;
  const { rows, charts } = await readSection(dataset, section);
  const isShown = section.show.table && section.columns.length > 0;
  const table = isShown ? prepareTable(document, section, rows) : null;
  const hasOverview = section.text !== null || charts.length > 0 || (section.show.tiles && section.totals.length > 0);
  const tableSize = table && rows.length > 0 ? table.size : A4;
  const size = hasOverview ? A4 : tableSize;
  if (size.width !== document.size.width || document.bottom - flow.y < 220) await flow.newPage(size);
  else flow.y += 14;

  const sect = tags.start('Sect', tags.document);
  const title = texts.titleOf(section);
  document.addBookmark(title);
  await flow.paragraph('H2', sect, title, { ...styles.heading, color: branding.primaryColor }, 2);
  await drawDays(flow, section, sect);
  if (section.text !== null) await flow.paragraph('P', sect, section.text, styles.body, 10);
  if (section.show.tiles) await drawTiles(flow, section, sect);

  const measure = (words: string, fontSize: number, isBold = false) =>
    text.measure(words, { size: fontSize, weight: isBold ? 'bold' : 'regular' });
  const width = Math.min(document.contentWidth, 720);
  for (const chart of charts) {
    const scene = drawChart(chart, { width, texts, branding, measure });
    await flow.need(scene.height + 30);
    await flow.paragraph('P', sect, scene.title, styles.subheading, 4);
    const left = document.isRightToLeft ? document.contentWidth - width : 0;
    const draw = (x: number, y: number) => drawScene(document, scene, x + left, y);
    await flow.figure(sect, scene.height + 12, { alternative: scene.title }, draw);
  }

  const lines: string[] = [];
  if (table && rows.length > 0) {
    const { rowCount, totalCount } = section;
    if (tableSize.width !== document.size.width) await flow.newPage(tableSize);
    if (totalCount > rowCount)
      await note(flow, sect, texts.text('table.limited', { shown: rowCount, total: totalCount }));
    if (rows.length < rowCount)
      await note(flow, sect, texts.text('table.shownOf', { shown: rows.length, total: rowCount }));
    await flow.need(60);
    flow.y = await drawTable(document, table, flow.y, sect, (printed, index) => {
      lines.push(rowLine(rows[index] as Row, printed));
    });
    flow.y += 12;
  } else {
    if (isShown) await note(flow, sect, texts.text('table.empty'));
    for (const row of rows) lines.push(rowLine(row, null));
  }
  tags.end(sect);
  if (section.columns.length > 0) {
    const content = new TextEncoder().encode(lines.join(''));
    document.attach(rowsFileOf(section.id), 'application/jsonl', content, title);
  }
  return rows.length;
}

const note = (flow: Flow, parent: Element, text: string) => flow.paragraph('P', parent, text, styles.small, 6);

async function drawDays(flow: Flow, { range, compared }: Section, sect: Element): Promise<void> {
  const { texts } = flow.document;
  if (!range) return;
  const days = texts.formats.days(range);
  const note = compared ? ` · ${texts.text('note.compared', { days: { text: texts.formats.days(compared) } })}` : '';
  await flow.paragraph('P', sect, `${days}${note}`, styles.small, 8);
}
