const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const LONG_INTEGER = /^-?\d{16,}$/;

/** Parses JSON; integers of 16 digits and more become text. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (match) => (LONG_INTEGER.test(match) ? `"${match}"` : match)));
}
