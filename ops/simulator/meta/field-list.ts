import { GraphError } from './graph-error.js';

export interface WantedField {
  name: string;
  /** What stands in braces behind the name. */
  inner: WantedField[];
}

/** Reads `id,name,business{id,name}`; an absent or empty list is null. */
export function readFieldList(text: string | null): WantedField[] | null {
  if (text === null || text.trim() === '') return null;
  const tokens = text.match(/[A-Za-z0-9_.]+|[{},()]|[^\s]/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new GraphError(
      `Syntax error "Expected name." at character ${text.indexOf(tokens[at] ?? '')}: ${text.slice(0, 60)}`,
      { code: 2500 },
    );
  };
  const list = (): WantedField[] => {
    const fields: WantedField[] = [];
    do {
      const name = tokens[at] ?? fail();
      if (!/^[A-Za-z0-9_.]+$/.test(name)) fail();
      at += 1;
      let inner: WantedField[] = [];
      if (tokens[at] === '{') {
        at += 1;
        inner = list();
        if (tokens[at] !== '}') fail();
        at += 1;
      }
      if (!fields.some((field) => field.name === name)) fields.push({ name, inner });
    } while (tokens[at] === ',' && ++at);
    return fields;
  };
  const fields = list();
  if (at < tokens.length) fail();
  return fields;
}
