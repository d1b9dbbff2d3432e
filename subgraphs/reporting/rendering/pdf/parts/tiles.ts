import { currencyIndex } from '#reporting/dataset/columns.js';
import type { Cell, Column, Section } from '#reporting/dataset/dataset.js';
import { fillColor, number, strokeColor } from '#reporting/rendering/pdf/canvas.js';
import { MARGIN, type ReportDocument } from '#reporting/rendering/pdf/document.js';
import type { Element } from '#reporting/rendering/pdf/tags.js';
import type { Style } from '#reporting/rendering/pdf/text/text.js';
import { type Flow, styles } from './flow.js';

const GAP = 10;
const WIDTH = 120;
const HEIGHT = 62;
const LABEL: Style = { size: 7.5, color: '#5f6b7a' };
const VALUE: Style = { size: 14, weight: 'bold' };
const CHANGE: Style = { size: 7.5, weight: 'bold' };

interface Tile {
  label: string;
  value: string;
  previous: string | null;
  change: string | null;
  direction: -1 | 0 | 1;
}

function tilesOf(document: ReportDocument, section: Section, total: Cell[]): Tile[] {
  const { texts } = document;
  const cellOf = (key: string) => total[section.columns.findIndex((column) => column.key === key)] ?? null;
  const currency = cellOf('currency');
  return section.columns.flatMap((column): Tile[] => {
    const value = cellOf(column.key);
    if (column.role !== 'CURRENT' || value === null) return [];
    const previous = cellOf(`previous.${column.key}`);
    const change = cellOf(`change.${column.key}`);
    const compared = section.compared !== null && section.columns.some(({ key }) => key === `change.${column.key}`);
    return [
      {
        label: texts.heading(column),
        value: texts.formatCell(value, column, currency),
        previous: compared && previous !== null ? texts.formatCell(previous, column, currency) : null,
        change: changeText(document, column, compared, change),
        direction: change === null ? 0 : (Math.sign(Number(change)) as -1 | 0 | 1),
      },
    ];
  });
}

function changeText({ texts }: ReportDocument, column: Column, isCompared: boolean, change: Cell): string | null {
  if (!isCompared) return null;
  if (change === null) return texts.text('tile.noComparison');
  if (Number(change) === 0) return texts.text('tile.same');
  return texts.formatCell(change, { ...column, role: 'CHANGE' }, null);
}

function arrow(x: number, y: number, isUp: boolean, color: string): string {
  const [tip, foot] = isUp ? [y - 6, y] : [y, y - 6];
  return `${fillColor(color)} ${number(x)} ${number(foot)} m ${number(x + 6)} ${number(foot)} l ${number(x + 3)} ${number(tip)} l f`;
}

/** Draws one tile. */
function drawTile(document: ReportDocument, tile: Tile, x: number, y: number, width: number, parent: Element): void {
  const { page, tags, text, texts, branding, isRightToLeft } = document;
  tags.artifact(page, () =>
    page.write(
      `${strokeColor('#d5dbe2')} 0.7 w ${number(x)} ${number(y)} ${number(width)} ${HEIGHT} re S ${fillColor(branding.primaryColor)} ${number(isRightToLeft ? x + width - 2.5 : x)} ${number(y)} 2.5 ${HEIGHT} re f`,
    ),
  );
  const start = isRightToLeft ? x + width - 9 : x + 9;
  const align = document.startAlign;
  const inner = width - 16;
  const draw = (words: string, top: number, style: Style, from = start) => {
    let fitted = style;
    // A long amount is written smaller rather than on two lines.
    while (fitted.size > 6 && text.measure(words, fitted) > inner) fitted = { ...fitted, size: fitted.size - 0.5 };
    const [line] = text.layout(words, fitted, Number.POSITIVE_INFINITY, 'auto');
    if (!line) return;
    const element = tags.start('P', parent);
    tags.mark(element, page, () => text.draw(page, line, from, y + top, fitted, align));
    tags.end(element);
  };
  draw(tile.label, 14, LABEL);
  draw(tile.value, 33, VALUE);
  if (tile.change !== null) {
    const isMoving = tile.direction !== 0;
    const tip = isRightToLeft ? start - 6 : start;
    // Its sign says the same.
    if (isMoving) {
      tags.artifact(page, () => page.write(arrow(tip, y + 45.5, tile.direction > 0, branding.primaryColor)));
    }
    draw(tile.change, 46, CHANGE, isMoving ? start + (isRightToLeft ? -10 : 10) : start);
  }
  if (tile.previous !== null) {
    draw(texts.text('tile.previous', { value: { text: texts.formats.isolated(tile.previous) } }), 57, LABEL);
  }
}

/** Draws the figures of a section over all its rows, those of each currency apart. */
export async function drawTiles(flow: Flow, section: Section, parent: Element): Promise<void> {
  const { document } = flow;
  const currency = currencyIndex(section.columns);
  const count = Math.max(1, Math.floor((document.contentWidth + GAP) / (WIDTH + GAP)));
  const width = (document.contentWidth + GAP) / count - GAP;
  for (const total of section.totals) {
    const tiles = tilesOf(document, section, total);
    const code = total[currency] ?? null;
    if (section.totals.length > 1 && code !== null && tiles.length > 0) {
      const label = document.texts.text('table.totalIn', { currency: code });
      await flow.paragraph('P', parent, label, styles.subheading, 4);
    }
    for (let from = 0; from < tiles.length; from += count) {
      await flow.need(HEIGHT + GAP);
      tiles.slice(from, from + count).forEach((tile, index) => {
        const offset = index * (width + GAP);
        const x = document.isRightToLeft ? document.size.width - MARGIN - width - offset : MARGIN + offset;
        drawTile(document, tile, x, flow.y, width, parent);
      });
      flow.y += HEIGHT + GAP;
    }
  }
  if (section.totals.length > 0) flow.y += 6;
}
