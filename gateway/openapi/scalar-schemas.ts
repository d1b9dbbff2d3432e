import type { JsonSchema } from './document.js';

/** The first day of a range that the manual uses, and the last. */
const DAY = '2026-10-05';

/** The scalars of the API as JSON Schemas. */
export const scalarSchemas: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string', minLength: 1 },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number', format: 'double' },
  Long: { type: 'integer', format: 'int64' },
  Decimal: { type: 'string', pattern: '^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$', examples: ['1234.56'] },
  Date: { type: 'string', format: 'date', examples: [DAY] },
  DateTime: { type: 'string', format: 'date-time', examples: [`${DAY}T10:11:12.000Z`] },
  JSON: {},
};

/** Returns the schema that also allows null. */
export function nullable(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) return { anyOf: [schema, { type: 'null' }] };
  if (schema.type === undefined) return schema;
  return { ...schema, type: [schema.type, 'null'].flat() };
}
