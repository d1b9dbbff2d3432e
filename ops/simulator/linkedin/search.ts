import type { SearchField } from './entity-kind.js';
import type { RestliQuery } from './restli/query.js';
import { readBoolean, readList, readRecord } from './restli/read-value.js';
import type { RestliRecord, RestliValue } from './restli/restli-value.js';

/** Returns what `search=(status:(values:List(ACTIVE)),test:false)` lets through; without it, everything. */
export function readSearch<Item>(
  query: RestliQuery,
  fields: Readonly<Record<string, SearchField<Item>>>,
): (item: Item) => boolean {
  const search = query.get('search');
  if (search === undefined) return () => true;
  const wanted: RestliRecord = readRecord(search, 'search', Object.keys(fields));
  const predicates = Object.entries(wanted).flatMap(([name, value]) => {
    const field = fields[name];
    return field ? [predicateOf(field, value, `search.${name}`)] : [];
  });
  return (item) => predicates.every((accepts) => accepts(item));
}

function predicateOf<Item>(field: SearchField<Item>, value: RestliValue, path: string): (item: Item) => boolean {
  if (!('read' in field)) {
    const wanted = readBoolean(value, path);
    return (item) => field.of(item) === wanted;
  }
  const { values = [] } = readRecord(value, path, ['values']);
  const wanted = readList(values, `${path}.values`).map((one, n) => field.read(one, `${path}.values[${n}]`));
  return (item) => wanted.includes(field.of(item));
}
