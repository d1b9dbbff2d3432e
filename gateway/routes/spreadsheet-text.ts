// Full-width forms count in East Asian locales.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/**
 * What would begin a cell where the list separator is `;`, as the quotes around a cell then end inside of it. A run is tried
 * from its first character only, so that the time is linear.
 */
const FORMULA_WITHIN = /(?<![;\s"])[;\s"]+(?=[=+\-@＝＋－＠])/g;
const SEPARATOR = /[;\t\r\n]/;

/** Quotes a text that a spreadsheet would evaluate as a formula, in whatever locale it opens the file. */
export function spreadsheetText(cell: string): string {
  const text = cell.replace(FORMULA_WITHIN, (run) => (SEPARATOR.test(run) ? `${run}'` : run));
  return FORMULA.test(text) ? `'${text}` : text;
}
