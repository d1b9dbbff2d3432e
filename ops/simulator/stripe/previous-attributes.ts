import { isDeepStrictEqual } from 'node:util';

type Fields = Record<string, unknown>;

/** Returns the earlier values of what differs, as events show them: of objects only the fields that differ, lists whole. */
export function previousAttributes(before: object, after: object): Fields {
  const [old, now] = [before as Fields, after as Fields];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const previous: Fields = {};
  for (const name of names) {
    const [one, other] = [old[name], now[name]];
    if (isDeepStrictEqual(one, other)) continue;
    previous[name] =
      isFields(one) && isFields(other) && one.object === undefined ? previousAttributes(one, other) : (one ?? null);
  }
  return previous;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
