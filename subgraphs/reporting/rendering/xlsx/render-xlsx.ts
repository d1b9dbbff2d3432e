import type { Dataset, Section } from '#reporting/dataset/dataset.js';
import type { Presentation, Renderer } from '#reporting/rendering/renderer.js';
import { textsOf } from '#reporting/texts/texts.js';
import { type ArchiveEntry, writeArchive } from './archive.js';
import { ChartDataSheet } from './chart-data-sheet.js';
import { chartXml } from './chart-parts.js';
import { drawingXml } from './drawing.js';
import { looksOf } from './looks.js';
import { ManifestSheet } from './manifest-sheet.js';
import {
  appPropertiesXml,
  contentTypesXml,
  corePropertiesXml,
  packageRelationshipsXml,
  relationshipsXml,
  workbookRelationshipsXml,
  workbookXml,
} from './package-parts.js';
import { SectionSheets } from './section-sheets.js';
import { createSheetNames } from './sheet-names.js';
import { Styles } from './styles.js';
import { SummarySheet } from './summary-sheet.js';

/** Yields the parts of the workbook, the sheets of the sections first: the others say what was in their rows. */
function* partsOf(dataset: Dataset, { language, branding }: Presentation): Generator<ArchiveEntry> {
  const { manifest } = dataset;
  const texts = textsOf(language);
  const looks = looksOf(branding, texts.direction);
  const styles = new Styles();
  const nameSheet = createSheetNames();
  const summaryName = nameSheet(texts.text('sheet.summary'));
  const manifestName = nameSheet(texts.text('sheet.manifest'));
  const chartsName = nameSheet(texts.text('sheet.charts'));
  const context = { dataset, texts, looks, styles };
  const sections = manifest.sections
    .filter(({ columns }) => columns.length > 0)
    .map((section) => new SectionSheets(section, context, nameSheet));
  const sectionSheets = sections.flatMap(({ sheets }) => sheets);
  const part = (path: string, text: string): ArchiveEntry => ({ path, content: [text] });

  yield part('_rels/.rels', packageRelationshipsXml());
  yield part('docProps/app.xml', appPropertiesXml());
  yield part('docProps/core.xml', corePropertiesXml(manifest));
  // The summary is the first sheet, the figures of charts and the manifest are the last two.
  let number = 1;
  for (const { content } of sectionSheets) yield { path: `xl/worksheets/sheet${++number}.xml`, content: content() };

  const charts = sections.map(({ section, charts }) => ({ section, data: charts.result() }));
  const chartData = new ChartDataSheet({ name: chartsName, charts, texts, looks, styles });
  const drawn = charts.flatMap(({ section }) => chartData.chartsOf(section)).flatMap(({ part }) => part ?? []);
  const hasCharts = drawn.length > 0;
  const chartsOf = (section: Section) => chartData.chartsOf(section);
  const summary = new SummarySheet({ manifest, branding, texts, looks, styles, chartsOf });
  const manifestSheet = new ManifestSheet({
    manifest,
    sectionSheets: sections.flatMap(({ section, sheets }) =>
      sheets.map((sheet) => ({ ...sheet, section: section.id })),
    ),
    otherSheets: [
      { name: summaryName, ...summary.size },
      ...(hasCharts ? [{ name: chartsName, ...chartData.size }] : []),
    ],
    departures: sections.map(({ departures }) => departures),
    texts,
    looks,
    styles,
  });
  yield { path: 'xl/worksheets/sheet1.xml', content: summary.content() };
  if (hasCharts) yield { path: `xl/worksheets/sheet${++number}.xml`, content: chartData.content() };
  yield { path: `xl/worksheets/sheet${++number}.xml`, content: manifestSheet.content() };

  if (summary.placed.length > 0) {
    yield part(
      'xl/worksheets/_rels/sheet1.xml.rels',
      relationshipsXml([{ id: 'rId1', type: 'drawing', target: '../drawings/drawing1.xml' }]),
    );
    yield part('xl/drawings/drawing1.xml', drawingXml(summary.placed));
    let chart = 0;
    const relationships = summary.placed.map(({ kind, relationship }) =>
      kind === 'chart'
        ? { id: relationship, type: 'chart', target: `../charts/chart${++chart}.xml` }
        : { id: relationship, type: 'image', target: '../media/logo.png' },
    );
    yield part('xl/drawings/_rels/drawing1.xml.rels', relationshipsXml(relationships));
  }
  if (branding.logo) yield { path: 'xl/media/logo.png', content: [branding.logo.png] };
  for (const [index, chart] of drawn.entries()) yield part(`xl/charts/chart${index + 1}.xml`, chartXml(chart));

  const sheets = [
    { name: summaryName, names: '' },
    ...sectionSheets.map(({ name, names }, index) => ({ name, names: names(index + 1) })),
    ...(hasCharts ? [{ name: chartsName, names: '' }] : []),
    { name: manifestName, names: '' },
  ];
  yield part('xl/styles.xml', styles.toXml());
  yield part('xl/workbook.xml', workbookXml(sheets));
  yield part('xl/_rels/workbook.xml.rels', workbookRelationshipsXml(sheets.length));
  const hasDrawing = summary.placed.length > 0;
  yield part('[Content_Types].xml', contentTypesXml({ sheets: sheets.length, charts: drawn.length, hasDrawing }));
}

/**
 * Writes a report as an Excel workbook (ECMA-376): a summary with native charts, a sheet for each section with rows, the figures of the
 * charts, and the manifest. The same dataset and presentation have the same bytes.
 */
export const renderXlsx: Renderer = (dataset, presentation, output) =>
  writeArchive(partsOf(dataset, presentation), output);
