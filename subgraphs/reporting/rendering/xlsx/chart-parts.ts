import type { ChartData } from '#reporting/rendering/charts/chart-data.js';
import type { Direction } from '#reporting/texts/isolate.js';
import { escapeXml, xmlPart } from './xml.js';

/** A label or value in a range of a sheet, and as it is kept in the chart so that it is drawn at once. */
export interface CachedRange {
  /** Such as `'Chart data'!$B$4:$B$34`. */
  reference: string;
  values: (string | null)[];
}

/** A native chart that draws a range of a sheet. */
export interface ChartPart {
  type: ChartData['chart']['type'];
  title: string;
  direction: Direction;
  /** Numbers of days with this format; texts otherwise. */
  dayFormat: string | null;
  categories: CachedRange;
  series: { name: CachedRange; color: string; values: CachedRange }[];
  /** Of the slices of a donut. */
  sliceColors: string[];
  /** The number format of the values. */
  format: string;
}

const NAMESPACES =
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const CATEGORY_AXIS = 111111111;
const VALUE_AXIS = 222222222;

const points = (values: (string | null)[]) =>
  `<c:ptCount val="${values.length}"/>${values
    .map((value, index) => (value === null ? '' : `<c:pt idx="${index}"><c:v>${escapeXml(value)}</c:v></c:pt>`))
    .join('')}`;

const texts = ({ reference, values }: CachedRange) =>
  `<c:strRef><c:f>${escapeXml(reference)}</c:f><c:strCache>${points(values)}</c:strCache></c:strRef>`;

const numbers = ({ reference, values }: CachedRange, format: string) =>
  `<c:numRef><c:f>${escapeXml(reference)}</c:f><c:numCache><c:formatCode>${escapeXml(format)}</c:formatCode>${points(values)}</c:numCache></c:numRef>`;

const solid = (color: string) => `<a:solidFill><a:srgbClr val="${color.slice(1).toUpperCase()}"/></a:solidFill>`;
const filled = (color: string) => `<c:spPr>${solid(color)}</c:spPr>`;
const lined = (color: string, width: number) =>
  `<c:spPr><a:ln w="${width}" cap="rnd">${solid(color)}<a:round/></a:ln></c:spPr>`;
const small = '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr lang="en"/></a:p></c:txPr>';

function categoriesOf({ dayFormat, categories }: ChartPart): string {
  return `<c:cat>${dayFormat ? numbers(categories, dayFormat) : texts(categories)}</c:cat>`;
}

function seriesOf(chart: ChartPart, look: (color: string) => string, smooth = ''): string {
  return chart.series
    .map(
      ({ name, color, values }, index) =>
        `<c:ser><c:idx val="${index}"/><c:order val="${index}"/><c:tx>${texts(name)}</c:tx>${look(color)}${categoriesOf(chart)}<c:val>${numbers(values, chart.format)}</c:val>${smooth}</c:ser>`,
    )
    .join('');
}

function axes(chart: ChartPart, isLying: boolean): string {
  const isRightToLeft = chart.direction === 'rtl';
  const common = (position: string, format: string) =>
    `<c:delete val="0"/><c:axPos val="${position}"/><c:numFmt formatCode="${escapeXml(format)}" sourceLinked="0"/>`;
  // Bars that lie begin above; what reads from right to left begins there.
  const categoryOrder = isLying || isRightToLeft ? 'maxMin' : 'minMax';
  const ticks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>';
  const line = lined('#bfbfbf', 9525);
  const crossing = (axis: number, at = 'autoZero') => `<c:crossAx val="${axis}"/><c:crosses val="${at}"/>`;
  const category = `<c:axId val="${CATEGORY_AXIS}"/><c:scaling><c:orientation val="${categoryOrder}"/></c:scaling>${common(isLying ? 'l' : 'b', chart.dayFormat ? 'd\\ mmm' : 'General')}${ticks}<c:tickLblPos val="low"/>${line}${small}${crossing(VALUE_AXIS)}`;
  const categoryAxis =
    chart.dayFormat && !isLying
      ? `<c:dateAx>${category}<c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/></c:dateAx>`
      : `<c:catAx>${category}<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`;
  // Where the categories are turned round, their other end is the first.
  const valueCrosses = isLying ? 'max' : 'autoZero';
  const valueOrder = isLying && isRightToLeft ? 'maxMin' : 'minMax';
  return `${categoryAxis}<c:valAx><c:axId val="${VALUE_AXIS}"/><c:scaling><c:orientation val="${valueOrder}"/></c:scaling><c:delete val="0"/><c:axPos val="${isLying ? 'b' : 'l'}"/><c:majorGridlines>${lined('#e5e7eb', 6350)}</c:majorGridlines><c:numFmt formatCode="${escapeXml(chart.format)}" sourceLinked="0"/>${ticks}<c:tickLblPos val="nextTo"/>${line}${small}${crossing(CATEGORY_AXIS, valueCrosses)}<c:crossBetween val="between"/></c:valAx>`;
}

const AXIS_IDS = `<c:axId val="${CATEGORY_AXIS}"/><c:axId val="${VALUE_AXIS}"/>`;

function plot(chart: ChartPart): string {
  if (chart.type === 'LINE') {
    const look = (color: string) =>
      `${lined(color, 22225)}<c:marker><c:symbol val="circle"/><c:size val="4"/><c:spPr>${solid(color)}</c:spPr></c:marker>`;
    const series = seriesOf(chart, look, '<c:smooth val="0"/>');
    return `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${series}<c:marker val="1"/>${AXIS_IDS}</c:lineChart>${axes(chart, false)}`;
  }
  if (chart.type === 'BAR') {
    const isLying = chart.dayFormat === null;
    const series = seriesOf(chart, (color) => `${filled(color)}<c:invertIfNegative val="0"/>`);
    return `<c:barChart><c:barDir val="${isLying ? 'bar' : 'col'}"/><c:grouping val="clustered"/><c:varyColors val="0"/>${series}<c:gapWidth val="60"/>${AXIS_IDS}</c:barChart>${axes(chart, isLying)}`;
  }
  const slices = chart.sliceColors
    .map((color, index) => `<c:dPt><c:idx val="${index}"/><c:bubble3D val="0"/>${filled(color)}</c:dPt>`)
    .join('');
  const labels =
    '<c:dLbls><c:numFmt formatCode="0%" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900" b="1"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en"/></a:p></c:txPr><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="1"/><c:showBubbleSize val="0"/><c:showLeaderLines val="0"/></c:dLbls>';
  return `<c:doughnutChart><c:varyColors val="1"/>${seriesOf(chart, () => `${slices}${labels}`)}<c:firstSliceAng val="0"/><c:holeSize val="55"/></c:doughnutChart>`;
}

/** Returns the part of a chart. */
export function chartXml(chart: ChartPart): string {
  const rightToLeft = chart.direction === 'rtl' ? ' rtl="1"' : '';
  // Programs that draw titles from left to right need the isolate (UAX #9).
  const title = rightToLeft ? `\u2067${chart.title}\u2069` : chart.title;
  const titled = `<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr${rightToLeft}><a:defRPr sz="1200" b="1"/></a:pPr><a:r><a:rPr lang="en" sz="1200" b="1"/><a:t>${escapeXml(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`;
  const hasLegend = chart.type === 'DONUT' || chart.series.length > 1;
  const legend = hasLegend
    ? `<c:legend><c:legendPos val="${chart.type === 'DONUT' ? 'r' : 'b'}"/><c:overlay val="0"/>${small}</c:legend>`
    : '';
  return xmlPart(
    `<c:chartSpace ${NAMESPACES}><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>${titled}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>${plot(chart)}</c:plotArea>${legend}<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr>${solid('#ffffff')}<a:ln w="9525">${solid('#d9d9d9')}</a:ln></c:spPr></c:chartSpace>`,
  );
}
