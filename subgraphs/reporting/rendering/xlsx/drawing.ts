import { escapeXml, xmlPart } from './xml.js';

/** English Metric Units of a pixel at 96 per inch. */
const EMU = 9_525;

/** Something that lies on a sheet, its corner at a cell. Sizes are in pixels. */
export interface Placed {
  kind: 'chart' | 'picture';
  /** The relationship of the drawing that it is. */
  relationship: string;
  /** What it shows, for people who do not see it. */
  description: string;
  column: number;
  /** From 0. */
  row: number;
  width: number;
  height: number;
}

const NAMESPACES =
  'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"';

function anchored({ kind, relationship, description, column, row, width, height }: Placed, index: number): string {
  const extent = `cx="${width * EMU}" cy="${height * EMU}"`;
  const properties = `<xdr:cNvPr id="${index + 2}" name="${kind} ${index + 1}" descr="${escapeXml(description)}"/>`;
  const content =
    kind === 'chart'
      ? `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>${properties}<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="${relationship}"/></a:graphicData></a:graphic></xdr:graphicFrame>`
      : `<xdr:pic><xdr:nvPicPr>${properties}<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="${relationship}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext ${extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>`;
  return `<xdr:oneCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:colOff>${EMU * 4}</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>${EMU * 4}</xdr:rowOff></xdr:from><xdr:ext ${extent}/>${content}<xdr:clientData/></xdr:oneCellAnchor>`;
}

/** Returns the part of a drawing. */
export const drawingXml = (placed: Placed[]): string =>
  xmlPart(`<xdr:wsDr ${NAMESPACES}>${placed.map(anchored).join('')}</xdr:wsDr>`);
