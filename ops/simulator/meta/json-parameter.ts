import type { z } from 'zod';
import { invalidParameter } from './graph-error.js';

const STRING_OR_LONG_NUMBER = /"(?:\\.|[^"\\])*"|-?\d{16,}/g;

/** Parses a JSON parameter, also in single quotes. Unquoted ids beyond 2^53 keep all digits. */
export function readJsonParameter<T>(query: URLSearchParams, name: string, schema: z.ZodType<T>): T | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const result = schema.safeParse(parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidParameter(`Param ${[name, ...(issue?.path ?? [])].join('.')} is not valid: ${issue?.message}`);
}

function parse(text: string): unknown {
  const quoted = text.includes('"') ? text : text.replaceAll("'", '"');
  try {
    return JSON.parse(quoted.replace(STRING_OR_LONG_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  } catch {
    return undefined;
  }
}
