import type { Query } from './query.js';
import type { Row, Value } from './row.js';

/** Returns `campaign.start_date_time` as `campaign.startDateTime`. */
export function camelPath(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Returns a function that prints rows as JSON: the selected fields, and the resource names Google adds unasked. */
export function rowPrinter(query: Query): (row: Row) => Record<string, Record<string, Value>> {
  const shown = [...resourceNames(query), ...query.select];
  const paths = [...new Set(shown)].map((name) => ({ name, path: camelPath(name).split('.') as [string, string] }));
  return (row) => {
    const printed: Record<string, Record<string, Value>> = {};
    for (const {
      name,
      path: [resource, column],
    } of paths) {
      const value = row[name];
      if (value === undefined) continue;
      printed[resource] ??= {};
      printed[resource][column] = value;
    }
    return printed;
  };
}

function resourceNames(query: Query): string[] {
  if (query.parameters.omit_unselected_resource_names === 'true') return [];
  const resources = new Set([query.from, ...query.select.map((name) => name.split('.')[0] ?? '')]);
  return [...resources]
    .filter((resource) => resource !== 'metrics' && resource !== 'segments')
    .map((resource) => `${resource}.resource_name`);
}
