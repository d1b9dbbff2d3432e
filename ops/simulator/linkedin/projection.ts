import { NotSimulated } from '#simulator/not-simulated.js';
import { invalidParameter } from './linkedin-error.js';
import type { RestliQuery } from './restli/query.js';
import { readText } from './restli/read-value.js';

type Entity = Record<string, unknown>;

/** Returns the names in `fields=id,name`, else null. */
export function readFieldNames(query: RestliQuery): string[] | null {
  const fields = query.get('fields');
  if (fields === undefined) return null;
  const names = readText(fields, 'fields').split(',');
  for (const name of names)
    if (!/^\w+$/.test(name)) throw invalidParameter('fields', `${name} is not the name of a field`);
  return [...new Set(names)];
}

/** Returns a function that selects an entity's fields. */
export function readProjection(query: RestliQuery): (entity: Entity) => Entity {
  const names = readFieldNames(query);
  if (names === null) return (entity) => entity;
  return (entity) =>
    Object.fromEntries(
      names.map((name) => {
        if (!Object.hasOwn(entity, name)) throw new NotSimulated(`the field ${name} of this resource`);
        return [name, entity[name]];
      }),
    );
}
