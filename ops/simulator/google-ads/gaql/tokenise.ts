import { GaqlError } from './query.js';

export interface GaqlToken {
  kind: 'word' | 'number' | 'string' | 'symbol';
  text: string;
}

const PATTERNS: readonly (readonly [GaqlToken['kind'], RegExp])[] = [
  ['word', /[A-Za-z_][A-Za-z0-9_.]*/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['symbol', /!=|>=|<=|[=<>(),]/y],
];
const SPACE = /\s+/y;
const ESCAPES: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  t: '\t',
  r: '\r',
  '[': '[',
  ']': ']',
  '%': '%',
  _: '_',
};

/** Splits a query into tokens. Throws GaqlError for anything else. */
export function tokenise(query: string): GaqlToken[] {
  const tokens: GaqlToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  while (at < query.length) {
    if (take(SPACE) !== undefined) continue;
    const char = query[at] ?? '';
    if (char === "'" || char === '"') {
      const { text, end } = readString(query, at);
      tokens.push({ kind: 'string', text });
      at = end;
      continue;
    }
    const token = firstMatch(take);
    if (!token) throw new GaqlError('BAD_SYMBOL', `Error in query: unexpected input ${char}.`, char);
    tokens.push(token);
  }
  return tokens;
}

function firstMatch(take: (pattern: RegExp) => string | undefined): GaqlToken | undefined {
  for (const [kind, pattern] of PATTERNS) {
    const text = take(pattern);
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

function readString(query: string, start: number): { text: string; end: number } {
  const quote = query[start];
  let text = '';
  for (let at = start + 1; at < query.length; at++) {
    const char = query[at] ?? '';
    if (char === quote) return { text, end: at + 1 };
    if (char === '\n')
      throw new GaqlError('PROHIBITED_NEWLINE_IN_STRING', 'Error in query: a string contains a line break.');
    if (char !== '\\') {
      text += char;
      continue;
    }
    at += 1;
    const escaped = ESCAPES[query[at] ?? ''];
    if (escaped === undefined)
      throw new GaqlError('BAD_ESCAPE_SEQUENCE', 'Error in query: invalid escape sequence in a string.');
    text += escaped;
  }
  throw new GaqlError('STRING_NOT_TERMINATED', 'Error in query: a string is not terminated.');
}
