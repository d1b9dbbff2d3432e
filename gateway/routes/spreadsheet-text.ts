// Full-width forms count in East Asian locales.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** What would begin a cell where the list separator is `;`, as the quotes around a cell then end inside of it. */
const FORMULA_WITHIN = /([;\t\r\n][\s"]*)(?=[=+\-@＝＋－＠])/g;

/** Quotes a text that a spreadsheet would evaluate as a formula, in whatever locale it opens the file. */
export function spreadsheetText(cell: string): string {
  const text = cell.replace(FORMULA_WITHIN, "$1'");
  return FORMULA.test(text) ? `'${text}` : text;
}
