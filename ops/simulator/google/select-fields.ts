import { badBody } from './read-body.js';

/** An empty selection keeps everything below. */
type Selection = Map<string, Selection>;

const EVERY = '*';

/**
 * Returns the parts `fields` selects, such as `rows(metricValues/value),rowCount`; all without it:
 * https://cloud.google.com/apis/docs/system-parameters
 */
export function selectFields(answer: unknown, fields: string | null): unknown {
  return fields === null || fields === '' ? answer : cut(answer, parse(fields));
}

function cut(value: unknown, selection: Selection): unknown {
  if (selection.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => cut(one, selection));
  const kept = Object.entries(value).flatMap(([name, part]) => {
    const below = selection.get(name) ?? selection.get(EVERY);
    return below ? [[name, cut(part, below)] as const] : [];
  });
  return Object.fromEntries(kept);
}

function parse(fields: string): Selection {
  const tokens = fields.match(/[\w*]+|[^\s]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw badBody(`Error expanding 'fields' parameter. Cannot parse '${fields}'.`);
  };

  function list(): Selection {
    const selection: Selection = new Map();
    do path(selection);
    while (tokens[at] === ',' && ++at > 0);
    return selection;
  }

  function path(selection: Selection): void {
    const name = /^[\w*]+$/.test(tokens[at] ?? '') ? (tokens[at++] as string) : fail();
    const below = selection.get(name) ?? new Map<string, Selection>();
    selection.set(name, below);
    if (tokens[at] === '/' || tokens[at] === '.') {
      at += 1;
      path(below);
    } else if (tokens[at] === '(') {
      at += 1;
      for (const [inner, deeper] of list()) below.set(inner, deeper);
      if (tokens[at++] !== ')') fail();
    }
  }

  const selection = list();
  return at === tokens.length ? selection : fail();
}
