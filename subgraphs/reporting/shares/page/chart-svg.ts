import type { ChartData } from '#reporting/rendering/charts/chart-data.js';
import { type ChartStyle, drawChart } from '#reporting/rendering/charts/draw-chart.js';
import type { Mark, PathCommand } from '#reporting/rendering/charts/scene.js';
import { type Markup, markup, shorten } from './markup.js';

const WIDTH = 480;
/** Of letters beside their height, on the safe side: the fonts of the reader are not known. */
const [WIDE, USUAL, BOLD] = [1.05, 0.58, 1.08];
const IS_WIDE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]|\p{Extended_Pictographic}/u;

function measure(text: string, size: number, isBold = false): number {
  let width = 0;
  for (const character of text) width += IS_WIDE.test(character) ? WIDE : USUAL;
  return width * size * (isBold ? BOLD : 1);
}

const round = (length: number) => String(Math.round(length * 100) / 100);

const pathOf = (commands: PathCommand[]) =>
  commands.map(([name, ...lengths]) => name + (lengths as number[]).map(round).join(' ')).join('');

/** Presentation attributes only: the page allows no styles inside. */
function drawMark(mark: Mark): Markup {
  if (mark.kind === 'text') {
    const { x, y, size, anchor, color, bold, text } = mark;
    return markup`<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${color}"${bold ? markup` font-weight="700"` : null} unicode-bidi="plaintext">${shorten(text)}</text>`;
  }
  const { commands, fill = 'none', stroke, width = 1, dash } = mark;
  const line = stroke
    ? markup` stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dash ? markup` stroke-dasharray="${dash}"` : null}`
    : null;
  return markup`<path d="${pathOf(commands)}" fill="${fill}"${line}/>`;
}

/** Returns a chart as on the pages of PDF files, as SVG. */
export function chartFigure(data: ChartData, style: Pick<ChartStyle, 'texts' | 'branding'>): Markup {
  const { width, height, title, marks } = drawChart(data, { ...style, width: WIDTH, measure });
  const { texts } = style;
  const of = data.currency ? ` (${data.currency})` : '';
  const caption = `${texts.heading(data.value)}${of} · ${texts.heading(data.by)}`;
  return markup`<figure><figcaption>${shorten(caption)}</figcaption><div class="wide"><svg role="img" viewBox="0 0 ${width} ${round(height)}" aria-label="${shorten(title)}" direction="ltr">${marks.map(drawMark)}</svg></div></figure>`;
}
