/** The formats of logos. */
export type PictureKind = 'png' | 'jpeg' | 'svg';

/** Why a picture is not taken: a problem of the argument. */
export class BadPicture extends Error {}

const ascii = (text: string) => Buffer.from(text, 'latin1');

interface Signature {
  bytes: Buffer;
  at?: number;
}

const PNG: Signature = { bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) };
const JPEG: Signature = { bytes: Buffer.from([0xff, 0xd8, 0xff]) };

/** Formats that are refused by name. */
const OTHERS: [name: string, ...Signature[]][] = [
  ['GIF', { bytes: ascii('GIF8') }],
  ['WebP', { bytes: ascii('RIFF') }, { bytes: ascii('WEBP'), at: 8 }],
  ['AVIF or HEIF', { bytes: ascii('ftyp'), at: 4 }],
  ['BMP', { bytes: ascii('BM') }],
  ['TIFF', { bytes: ascii('II*\0') }],
  ['TIFF', { bytes: ascii('MM\0*') }],
  ['ICO', { bytes: Buffer.from([0, 0, 1, 0]) }],
  ['PDF', { bytes: ascii('%PDF-') }],
  ['a compressed file', { bytes: Buffer.from([0x1f, 0x8b]) }],
  ['a compressed file', { bytes: ascii('PK\u0003\u0004') }],
];

const has = (picture: Buffer, { bytes, at = 0 }: Signature) => picture.subarray(at, at + bytes.length).equals(bytes);

// Before its root an SVG may have a byte-order mark, an XML declaration, comments, instructions and a document type.
const SVG =
  /^\ufeff?(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)*<(?:\w+:)?svg[\s/>]/;
const SVG_HEAD_BYTES = 64 * 1024;

/** Returns the format of a picture by its first bytes, whatever it is said to be. Throws BadPicture for any but PNG, JPEG and SVG. */
export function pictureKind(picture: Buffer): PictureKind {
  if (has(picture, PNG)) return 'png';
  if (has(picture, JPEG)) return 'jpeg';
  const other = OTHERS.find(([, ...signatures]) => signatures.every((signature) => has(picture, signature)));
  if (!other && SVG.test(picture.subarray(0, SVG_HEAD_BYTES).toString('utf8'))) return 'svg';
  throw new BadPicture(`must be a PNG, JPEG or SVG picture, and is ${other ? other[0] : 'none'}`);
}

/** Pixels of a picture before it is made smaller: a decoded one takes four bytes for each. */
export const MAX_PIXELS = 40_000_000;

/** The problem of a picture with more than MAX_PIXELS. */
export const tooManyPixels = (width: number, height: number) =>
  new BadPicture(`must have at most ${MAX_PIXELS / 1_000_000} million pixels, and has ${width} x ${height}`);

const WIDTH_AT = 16;
const HEIGHT_AT = 20;

/** Throws BadPicture for a PNG whose header says more than MAX_PIXELS. */
export function checkPngSize(picture: Buffer): void {
  if (picture.length < HEIGHT_AT + 4) throw new BadPicture('must be a whole picture: its end is missing');
  const [width, height] = [picture.readUInt32BE(WIDTH_AT), picture.readUInt32BE(HEIGHT_AT)];
  if (width * height > MAX_PIXELS) throw tooManyPixels(width, height);
}
