import type { Manifest } from '#reporting/dataset/dataset.js';
import { escapeXml, xmlPart } from './xml.js';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** A reference of one part to another. */
export interface Relationship {
  id: string;
  /** The last word of its type, of office documents unless it is an address. */
  type: string;
  target: string;
}

/** Returns the part that lists the references of another. */
export function relationshipsXml(relationships: Relationship[]): string {
  const items = relationships.map(
    ({ id, type, target }) =>
      `<Relationship Id="${id}" Type="${type.includes(':') ? type : `${OFFICE}/${type}`}" Target="${target}"/>`,
  );
  return xmlPart(`<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`);
}

/** Returns the references of the package. */
export const packageRelationshipsXml = (): string =>
  relationshipsXml([
    { id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' },
    { id: 'rId2', type: `${PACKAGE}/relationships/metadata/core-properties`, target: 'docProps/core.xml' },
    { id: 'rId3', type: 'extended-properties', target: 'docProps/app.xml' },
  ]);

const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const DRAWING = 'application/vnd.openxmlformats-officedocument.drawing';

/** Returns the types of all parts. */
export function contentTypesXml({
  sheets,
  charts,
  hasDrawing,
}: {
  sheets: number;
  charts: number;
  hasDrawing: boolean;
}): string {
  const override = (path: string, type: string) => `<Override PartName="/${path}" ContentType="${type}"/>`;
  const numbered = (count: number, path: string, type: string) =>
    Array.from({ length: count }, (_, index) => override(`${path}${index + 1}.xml`, type)).join('');
  return xmlPart(
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>${[
      override('xl/workbook.xml', `${SPREADSHEET}.sheet.main+xml`),
      override('xl/styles.xml', `${SPREADSHEET}.styles+xml`),
      override('docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'),
      override('docProps/app.xml', 'application/vnd.openxmlformats-officedocument.extended-properties+xml'),
      numbered(sheets, 'xl/worksheets/sheet', `${SPREADSHEET}.worksheet+xml`),
      numbered(hasDrawing ? 1 : 0, 'xl/drawings/drawing', `${DRAWING}+xml`),
      numbered(charts, 'xl/charts/chart', `${DRAWING}ml.chart+xml`),
    ].join('')}</Types>`,
  );
}

/** Returns the properties of the document: its times are those of the report. */
export function corePropertiesXml({ title, language, generatedAt }: Manifest): string {
  const time = `xsi:type="dcterms:W3CDTF">${new Date(generatedAt).toISOString().slice(0, 19)}Z`;
  return xmlPart(
    `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escapeXml(title)}</dc:title><dc:creator>WebMetrics</dc:creator><cp:lastModifiedBy>WebMetrics</cp:lastModifiedBy><dcterms:created ${time}</dcterms:created><dcterms:modified ${time}</dcterms:modified><dc:language>${language}</dc:language></cp:coreProperties>`,
  );
}

/** Returns the program of the document. */
export const appPropertiesXml = (): string =>
  xmlPart(
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>WebMetrics</Application></Properties>',
  );

/** Returns the list of sheets in their order; the sheet of an index is the part `sheet<index + 1>.xml`. */
export function workbookXml(sheets: { name: string; names: string }[]): string {
  const list = sheets.map(
    ({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const names = sheets.map(({ names }) => names).join('');
  return xmlPart(
    `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><workbookPr/><bookViews><workbookView activeTab="0"/></bookViews><sheets>${list.join('')}</sheets>${names && `<definedNames>${names}</definedNames>`}</workbook>`,
  );
}

/** Returns the references of the workbook. */
export const workbookRelationshipsXml = (sheetCount: number): string =>
  relationshipsXml([
    ...Array.from({ length: sheetCount }, (_, index) => ({
      id: `rId${index + 1}`,
      type: 'worksheet',
      target: `worksheets/sheet${index + 1}.xml`,
    })),
    { id: `rId${sheetCount + 1}`, type: 'styles', target: 'styles.xml' },
  ]);
