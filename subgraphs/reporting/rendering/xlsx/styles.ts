import { escapeXml, xmlPart } from './xml.js';

/** How a cell looks. Colours are `#rrggbb`. */
export interface Style {
  /** A number format; undefined is the general one. */
  format?: string;
  isBold?: boolean;
  /** In points; 11 unless given. */
  size?: number;
  color?: string;
  fill?: string;
  horizontal?: 'left' | 'right' | 'center' | 'fill';
  vertical?: 'top' | 'center';
  isWrapped?: boolean;
  /** Written smaller where it does not fit: a cut number would be another one. */
  isShrunk?: boolean;
  /** Of text that runs from right to left, whatever its first letter. */
  isRightToLeft?: boolean;
  /** A thin line above. */
  hasLine?: boolean;
}

const FIRST_OWN_FORMAT = 164;
const BUILT_IN_FORMATS: Record<string, number> = { General: 0, '@': 49 };

const argb = (color: string) => `FF${color.slice(1).toUpperCase()}`;

/** Items of a list of the styles part, each once. */
class Items {
  readonly list: string[] = [];

  constructor(...first: string[]) {
    this.list.push(...first);
  }

  indexOf(item: string): number {
    const index = this.list.indexOf(item);
    return index >= 0 ? index : this.list.push(item) - 1;
  }
}

/** The styles of a workbook: numbered as cells ask for them, and written when all sheets are. */
export class Styles {
  readonly #indexes = new Map<string, number>();
  readonly #formats = new Items();
  readonly #fonts = new Items('<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>');
  // The first two are fixed.
  readonly #fills = new Items(
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
  );
  readonly #borders = new Items('<border><left/><right/><top/><bottom/><diagonal/></border>');
  readonly #cells: string[] = ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'];

  /** Returns the number of a style. */
  indexOf(style: Style): number {
    const key = JSON.stringify(style);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.#cells.push(this.#cellFormat(style)) - 1;
    this.#indexes.set(key, index);
    return index;
  }

  #formatId(format: string): number {
    return BUILT_IN_FORMATS[format] ?? FIRST_OWN_FORMAT + this.#formats.indexOf(format);
  }

  #cellFormat(style: Style): string {
    const { format = 'General', isBold, size = 11, color, fill, horizontal, vertical, isWrapped, isShrunk } = style;
    const { isRightToLeft, hasLine } = style;
    const font = `<font>${isBold ? '<b/>' : ''}<sz val="${size}"/>${color ? `<color rgb="${argb(color)}"/>` : ''}<name val="Calibri"/><family val="2"/></font>`;
    const filled = `<fill><patternFill patternType="solid"><fgColor rgb="${argb(fill ?? '#ffffff')}"/><bgColor indexed="64"/></patternFill></fill>`;
    const line = '<border><left/><right/><top style="thin"><color rgb="FF808080"/></top><bottom/><diagonal/></border>';
    const attributes = [
      `numFmtId="${this.#formatId(format)}"`,
      `fontId="${this.#fonts.indexOf(font)}"`,
      `fillId="${fill ? this.#fills.indexOf(filled) : 0}"`,
      `borderId="${hasLine ? this.#borders.indexOf(line) : 0}"`,
      'xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"',
    ].join(' ');
    const alignment = [
      horizontal ? ` horizontal="${horizontal}"` : '',
      vertical ? ` vertical="${vertical}"` : '',
      isWrapped ? ' wrapText="1"' : '',
      isShrunk ? ' shrinkToFit="1"' : '',
      isRightToLeft ? ' readingOrder="2"' : '',
    ].join('');
    return alignment ? `<xf ${attributes} applyAlignment="1"><alignment${alignment}/></xf>` : `<xf ${attributes}/>`;
  }

  /** Returns the part `xl/styles.xml`. */
  toXml(): string {
    const formats = this.#formats.list.map(
      (format, index) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + index}" formatCode="${escapeXml(format)}"/>`,
    );
    const list = (name: string, items: string[]) =>
      items.length > 0 ? `<${name} count="${items.length}">${items.join('')}</${name}>` : '';
    return xmlPart(
      `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${[
        list('numFmts', formats),
        list('fonts', this.#fonts.list),
        list('fills', this.#fills.list),
        list('borders', this.#borders.list),
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
        list('cellXfs', this.#cells),
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
        '<dxfs count="0"/><tableStyles count="0"/>',
      ].join('')}</styleSheet>`,
    );
  }
}
