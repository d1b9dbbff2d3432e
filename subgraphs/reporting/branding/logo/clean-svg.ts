import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { BadPicture } from './picture-kind.js';

/** What is left out with all it contains: programs, other documents, pictures, links, and what moves. */
const LEFT_OUT = new Set([
  'script',
  'foreignObject',
  'iframe',
  'object',
  'embed',
  'image',
  'feImage',
  'audio',
  'video',
  'animate',
  'animateMotion',
  'animateTransform',
  'animateColor',
  'set',
  'handler',
  'listener',
  'include',
  'fallback',
  'metadata',
]);

const MAX_ELEMENTS = 20_000;
const MAX_DEPTH = 100;
const NUMBER = /^\s*(\d*\.?\d+(?:e[-+]?\d+)?)\s*(?:px|pt|pc|mm|cm|in|Q)?\s*$/i;

const localName = (name: string) => name.slice(name.indexOf(':') + 1);
const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapeValue = (text: string) => escapeText(text).replaceAll('"', '&quot;');

/** Whether a style or a value refers to anything outside of the picture. */
const refersOutside = (text: string) =>
  /@import/i.test(text) ||
  /url\(\s*(?!["']?\s*#)/i.test(text) ||
  /\\/.test(text) ||
  /(?:javascript|vbscript):/i.test(text);

/** Whether an attribute stays: no handlers, bases and references to other documents. */
function isHarmless(name: string, value: string): boolean {
  const local = localName(name);
  if (/^on/i.test(local) || name === 'xml:base') return false;
  if (/^(?:href|src)$/i.test(local)) return value.trim().startsWith('#');
  return name.startsWith('xmlns') || !refersOutside(value);
}

/** Returns the attributes of the root that make it fit into a square of `size`, whatever size it says it has. */
function fittedRoot(attributes: Record<string, string>, size: number): Record<string, string> {
  const [width, height] = ['width', 'height'].map((name) => Number(NUMBER.exec(attributes[name] ?? '')?.[1]));
  const box = (attributes.viewBox ?? `0 0 ${width} ${height}`)
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [x = Number.NaN, y = Number.NaN, across = Number.NaN, down = Number.NaN] = box;
  const isBox = box.length === 4 && [x, y, across, down].every(Number.isFinite) && across > 0 && down > 0;
  if (!isBox) throw new BadPicture('must have a size: an SVG needs a viewBox, or a width and a height');
  const scale = size / Math.max(across, down);
  const fitted = (length: number) => String(Math.max(1, Math.round(length * scale)));
  return { ...attributes, viewBox: [x, y, across, down].join(' '), width: fitted(across), height: fitted(down) };
}

/**
 * Returns an SVG that shows itself only and fits into a square of `size` pixels: without scripts, handlers, pictures, references to
 * anything outside, and entities. Throws BadPicture for what is not well formed, declares entities, or is too deep or too long.
 */
export function cleanSvg(text: string, size: number): string {
  const parts: string[] = [];
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let elements = 0;
  let depth = 0;
  /** The depth of the outermost element that is left out. */
  let leftOutAt = 0;
  /** The text of a style, which may come in parts. */
  let style: string | null = null;

  parser.on('error', (error) => {
    throw new BadPicture(`must be well-formed XML, without entities of its own: ${error.message}`);
  });
  parser.on('doctype', (doctype) => {
    if (/\[/.test(doctype)) throw new BadPicture('must not declare entities');
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    elements += 1;
    depth += 1;
    if (elements > MAX_ELEMENTS) throw new BadPicture(`must have at most ${MAX_ELEMENTS} elements`);
    if (depth > MAX_DEPTH) throw new BadPicture(`must have at most ${MAX_DEPTH} elements within each other`);
    if (depth === 1 && localName(name) !== 'svg') throw new BadPicture('must be an SVG');
    if (leftOutAt > 0) return;
    if (LEFT_OUT.has(localName(name))) {
      leftOutAt = depth;
      return;
    }
    const kept = Object.fromEntries(Object.entries(attributes).filter(([key, value]) => isHarmless(key, value)));
    const written = Object.entries(depth === 1 ? fittedRoot(kept, size) : kept);
    parts.push(`<${name}${written.map(([key, value]) => ` ${key}="${escapeValue(value)}"`).join('')}>`);
    if (localName(name) === 'style') style = '';
  });
  parser.on('closetag', ({ name }) => {
    if (leftOutAt === 0) {
      if (style !== null && !refersOutside(style)) parts.push(escapeText(style));
      style = null;
      parts.push(`</${name}>`);
    }
    if (leftOutAt === depth) leftOutAt = 0;
    depth -= 1;
  });
  const addText = (given: string) => {
    if (leftOutAt > 0 || depth === 0) return;
    if (style === null) parts.push(escapeText(given));
    else style += given;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return parts.join('');
}
