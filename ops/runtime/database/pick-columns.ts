const camelCase = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Returns the listed columns of a row that exist, in camelCase: a column that is added to the table stays private until it
 * is listed.
 */
export function pickColumns(row: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  const present = columns.filter((column) => row[column] !== undefined);
  return Object.fromEntries(present.map((column) => [camelCase(column), row[column]]));
}
