const camelCase = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Returns these columns of a row, in words of JSON, and no other: what is added to a table later is not shown to anybody
 * until it is listed. A column the table does not have is left out.
 */
export function pickColumns(row: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  const present = columns.filter((column) => row[column] !== undefined);
  return Object.fromEntries(present.map((column) => [camelCase(column), row[column]]));
}
