import type { Branding } from '#reporting/rendering/renderer.js';
import type { Direction } from '#reporting/texts/isolate.js';
import { TEXT_FORMAT } from './number-formats.js';
import type { Style } from './styles.js';

const GREY = '#6b7280';
const LIGHT_GREY = '#a3a3a3';

/** Of checks of rows: their columns are hidden. */
export const CHECK_LOOKS: Style = { format: TEXT_FORMAT, color: LIGHT_GREY, size: 8, horizontal: 'fill' };

/** How the parts of a workbook look in the colours of a branding. */
export interface Looks {
  primaryColor: string;
  accentColor: string;
  /** Headings of tables. */
  head: Style;
  /** Rows of totals. */
  total: Style;
  title: Style;
  heading: Style;
  text: Style;
  label: Style;
  muted: Style;
}

/** Returns the looks of a branding in texts of a direction. */
export function looksOf(
  { primaryColor, accentColor }: Pick<Branding, 'primaryColor' | 'accentColor'>,
  direction: Direction,
): Looks {
  const directed: Style = direction === 'rtl' ? { horizontal: 'right', isRightToLeft: true } : {};
  const text: Style = { format: TEXT_FORMAT, isWrapped: true, vertical: 'top', ...directed };
  return {
    primaryColor,
    accentColor,
    head: {
      format: TEXT_FORMAT,
      isBold: true,
      color: '#ffffff',
      fill: primaryColor,
      isWrapped: true,
      vertical: 'center',
    },
    total: { isBold: true, hasLine: true },
    title: { ...text, isBold: true, size: 20, color: primaryColor, isWrapped: false },
    heading: { ...text, isBold: true, size: 14, color: primaryColor, isWrapped: false },
    text,
    label: { ...text, isBold: true },
    muted: { ...text, color: GREY },
  };
}
