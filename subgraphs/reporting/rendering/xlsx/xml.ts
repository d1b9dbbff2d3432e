const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

// What XML has no character for is written `_xHHHH_` (ECMA-376, ST_Xstring), and text that looks so by its first character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const ALL_SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeCharacter = (character: string) =>
  ENTITIES[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

/** Returns a text as it stands in an element or attribute of a spreadsheet. */
export const escapeXml = (text: string): string =>
  SPECIAL.test(text) ? text.replace(ALL_SPECIAL, escapeCharacter) : text;

/** Returns the text that `escapeXml` was given, from what an XML parser read. */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** Returns a part of a package: an XML document. */
export const xmlPart = (content: string): string => `${XML}${content}`;
