import type { Mark, Scene } from '#reporting/rendering/charts/scene.js';
import { fillColor, number, strokeColor } from '#reporting/rendering/pdf/canvas.js';
import type { ReportDocument } from '#reporting/rendering/pdf/document.js';

function pathOperators(
  { commands, fill, stroke, width = 1, dash }: Extract<Mark, { kind: 'path' }>,
  x: number,
  y: number,
) {
  let path = '';
  for (const [name, ...coordinates] of commands) {
    const moved = (coordinates as number[]).map((value, index) => number(value + (index % 2 === 0 ? x : y)));
    path += name === 'Z' ? 'h ' : `${moved.join(' ')} ${name.toLowerCase()} `;
  }
  const paint = fill && stroke ? 'B' : fill ? 'f' : 'S';
  const colors = `${fill ? `${fillColor(fill)} ` : ''}${stroke ? `${strokeColor(stroke)} ${number(width)} w 1 j ` : ''}`;
  return dash ? `q [${number(dash)}] 0 d ${colors}${path}${paint} Q` : `${colors}${path}${paint}`;
}

/** Draws a scene with its top left at a place of the page. */
export function drawScene(document: ReportDocument, { marks }: Scene, x: number, y: number): void {
  const { page, text } = document;
  for (const mark of marks) {
    if (mark.kind === 'path') {
      page.write(pathOperators(mark, x, y));
      continue;
    }
    const style = { size: mark.size, color: mark.color, weight: mark.bold ? ('bold' as const) : ('regular' as const) };
    const [line] = text.layout(mark.text, style, Number.POSITIVE_INFINITY, 'auto');
    const align = mark.anchor === 'start' ? 'left' : mark.anchor === 'end' ? 'right' : 'center';
    if (line) text.draw(page, line, x + mark.x, y + mark.y, style, align);
  }
}
