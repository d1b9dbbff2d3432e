// Full-width forms count in East Asian locales.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Quotes a cell that a spreadsheet would evaluate as a formula. */
export function spreadsheetText(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
