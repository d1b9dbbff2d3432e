import type { EntitySchema } from 'typeorm';

/** Types whose values are the same from the driver as in an entity. */
const AS_THEY_ARE = new Set(['uuid', 'text', 'boolean', 'int', 'integer', 'jsonb', 'timestamptz']);

export interface ColumnsOptions<Row> {
  /** Of the table in the statement. */
  alias: string;
  omitted?: (keyof Row)[];
  /** Of the names in the result. */
  prefix?: string;
}

/**
 * Returns the columns of an entity as the list of a SELECT whose rows are like entities, without the time that TypeORM takes to make
 * them: for what most requests read. Throws for a column whose values TypeORM converts.
 */
export function columnsOf<Row>(
  { options }: EntitySchema<Row>,
  { alias, omitted = [], prefix = '' }: ColumnsOptions<Row>,
): string {
  const columns = Object.entries(options.columns).filter(([property]) => !omitted.includes(property as keyof Row));
  return columns
    .map(([property, column]) => {
      const { name = property, type, transformer } = column as { name?: string; type: unknown; transformer?: unknown };
      const isDay = type === 'date';
      if (transformer || !(isDay || AS_THEY_ARE.has(String(type)))) {
        throw new Error(`The column ${options.name}.${property} cannot be read as it is.`);
      }
      return `${alias}."${name}"${isDay ? '::text' : ''} AS "${prefix}${property}"`;
    })
    .join(', ');
}

/** Returns the part of a row that was read with this prefix. */
export function prefixed<Row>(row: Record<string, unknown>, prefix: string): Row {
  const own = Object.entries(row).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) as Row;
}
