import type { Column } from './backup-format.js';

// A row as text, made by PostgreSQL so that no value passes through a JavaScript number: NULL is an absent column (jsonb has
// a null of its own), numbers, truth values, text and jsonb are JSON's, and everything else is a string of PostgreSQL's own
// text form, which it reads back exactly. `insertRows` is the other direction.

const NATIVE =
  /^(?:boolean|smallint|integer|bigint|numeric(?:\(.*\))?|real|double precision|text|character(?: varying)?(?:\(\d+\))?|uuid)$/;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

function valueText({ name, type }: Column): string {
  const column = `t.${quote(name)}`;
  if (type === 'jsonb') return `${column}::text`;
  if (NATIVE.test(type)) return `to_json(${column})::text`;
  const asText = `to_json(${column}::text)::text`;
  if (!type.endsWith('[]') || !NATIVE.test(type.slice(0, -2))) return asText;
  // JSON has no word for the bounds of an array, nor for an empty one of several dimensions.
  return `CASE WHEN array_ndims(${column}) IS NULL OR (array_ndims(${column}) = 1 AND array_lower(${column}, 1) = 1)
    THEN to_json(${column})::text ELSE ${asText} END`;
}

/** Returns the SQL expression for the text of a row of `t`: a JSON object in one line. */
export function rowText(columns: Column[]): string {
  const parts = columns.map((column) => `${literal(`${JSON.stringify(column.name)}:`)} || ${valueText(column)}`);
  // A NULL makes its part NULL, and concat_ws leaves it out. A function takes 100 arguments, so they are an array.
  return `'{' || array_to_string(ARRAY[${parts.join(', ')}]::text[], ',') || '}'`;
}

/** Whether a column's value must be taken from the JSON as it is. */
const isJson = ({ type }: Column) => type === 'jsonb' || type === 'json';

/** Returns the statement that inserts rows, given as one JSON array of them, into a table called \`quoted\`. */
export function insertStatement(quoted: string, columns: Column[]): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const plain = columns.filter((column) => !isJson(column));
  const declared = plain.map(({ name, type }) => `${quote(name)} ${type}`).join(', ');
  const record = plain.length > 0 ? `, LATERAL json_to_record(r.value) AS p(${declared})` : '';
  const values = columns.map((column) => {
    const { name, type } = column;
    if (!isJson(column)) return `p.${quote(name)}`;
    return type === 'jsonb' ? `(r.value -> ${literal(name)})::jsonb` : `(r.value ->> ${literal(name)})::json`;
  });
  const from = `json_array_elements($1::json) AS r(value)${record}`;
  return `INSERT INTO ${quoted} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')} FROM ${from}`;
}

/** Returns a table's name as it stands in SQL. */
export const quotedName = ({ schema, name }: { schema: string; name: string }) => `${quote(schema)}.${quote(name)}`;
