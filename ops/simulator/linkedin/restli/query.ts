import { invalidParameter, missingParameter, unknownParameter } from '#simulator/linkedin/linkedin-error.js';
import { parseRestliValue, RestliSyntaxError, type RestliValue } from './parse-value.js';

// Projections have raw commas: fields=id,name.
const PROJECTION = 'fields';

/** Decoded parameters by name. */
export type RestliQuery = ReadonlyMap<string, RestliValue>;

/** Parses a raw query. Throws LinkedIn's 400 when it is not Rest.li 2.0. */
export function parseQuery(raw: string): RestliQuery {
  const query = new Map<string, RestliValue>();
  for (const pair of raw.split('&').filter(Boolean)) {
    const equals = pair.indexOf('=');
    if (equals < 0) throw invalidParameter(pair, 'A parameter is written as name=value');
    const name = pair.slice(0, equals);
    if (query.has(name)) throw invalidParameter(name, 'A parameter may be named once');
    const value = parseParameter(name, pair.slice(equals + 1));
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

/** Throws LinkedIn's 400 for a parameter not among `known` or a missing `required` one. */
export function checkNames(query: RestliQuery, known: readonly string[], required: readonly string[] = []): void {
  for (const name of query.keys()) if (!known.includes(name)) throw unknownParameter(name);
  for (const name of required) if (!query.has(name)) throw missingParameter(name);
}

// A parameter without a value counts as absent.
function parseParameter(name: string, raw: string): RestliValue | undefined {
  if (raw === '') return undefined;
  try {
    return name === PROJECTION ? decodeURIComponent(raw) : parseRestliValue(raw);
  } catch (error) {
    if (error instanceof RestliSyntaxError)
      throw invalidParameter(name, `Invalid value for param; wrong type or other syntax error: ${error.message}`);
    if (error instanceof URIError) throw invalidParameter(name, 'Not valid percent-encoding');
    throw error;
  }
}
