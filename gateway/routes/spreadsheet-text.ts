const FORMULA = /^[=+\-@\t\r]/;

/** Returns a cell that a spreadsheet would run as a formula as text, and any other as it is. */
export function spreadsheetText(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
