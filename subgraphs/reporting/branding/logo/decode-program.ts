import { setPriority } from 'node:os';
import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import { cleanSvg } from './clean-svg.js';
import { BadPicture, MAX_PIXELS, type PictureKind, tooManyPixels } from './picture-kind.js';

// A program of its own, without settings or credentials: reads a picture, writes it as PNG. What is drawn cannot be interrupted, so
// that it ends when it is killed. Ends with 3 for a picture that is not taken, whose problem it writes to the standard error.

const MAX_SIDE = 1024;
/** A logo is drawn into each file of a report. */
const MAX_BYTES = 512 * 1024;
const REFUSED = 3;

const LOADERS = { png: 'VipsForeignLoadPngBuffer', jpeg: 'VipsForeignLoadJpegBuffer', svg: 'VipsForeignLoadSvgBuffer' };
const INPUT = { limitInputPixels: MAX_PIXELS, failOn: 'truncated', pages: 1 } as const;

async function readPicture(kind: PictureKind, picture: Buffer): Promise<Sharp> {
  if (kind === 'svg') return sharp(Buffer.from(cleanSvg(picture.toString('utf8'), MAX_SIDE)), INPUT);
  const { width, height } = await sharp(picture, { ...INPUT, limitInputPixels: false }).metadata();
  if (width * height > MAX_PIXELS) throw tooManyPixels(width, height);
  return sharp(picture, INPUT).autoOrient();
}

/** Metadata is dropped, colours are converted to sRGB. */
function encode(picture: Sharp, side: number, isReduced = false): Promise<Buffer> {
  const fitted = picture.clone().resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  return fitted.toColourspace('srgb').png({ compressionLevel: 9, palette: isReduced }).toBuffer();
}

async function decode(kind: PictureKind, picture: Buffer): Promise<Buffer> {
  const source = await readPicture(kind, picture);
  const png = await encode(source, MAX_SIDE);
  const { channels, isOpaque } = await sharp(png).stats();
  if (!isOpaque && channels.at(-1)?.max === 0) throw new BadPicture('must show something: it is empty or transparent');
  if (png.length <= MAX_BYTES) return png;
  const reduced = await encode(source, MAX_SIDE, true);
  return reduced.length <= MAX_BYTES ? reduced : encode(source, MAX_SIDE / 2, true);
}

setPriority(10);
sharp.concurrency(1);
sharp.cache(false);
const kind = process.argv[2] as PictureKind;
sharp.block({ operation: ['VipsForeignLoad'] });
// A picture that was made is read once more.
sharp.unblock({ operation: [LOADERS[kind], LOADERS.png] });
try {
  process.stdout.write(await decode(kind, await buffer(process.stdin)));
} catch (error) {
  // An error of a decoder is about the picture, too.
  process.stderr.write(
    error instanceof BadPicture ? error.message : 'must be a whole, valid picture: it cannot be decoded',
  );
  process.exitCode = REFUSED;
}
