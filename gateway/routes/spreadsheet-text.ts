// The wide forms count as well where people write Chinese or Japanese.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Returns a cell that a spreadsheet would run as a formula as text, and any other as it is. */
export function spreadsheetText(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
