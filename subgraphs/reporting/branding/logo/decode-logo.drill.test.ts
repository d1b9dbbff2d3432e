import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeLogo, MAX_LOGO_BYTES } from './decode-logo.js';

const ATTRIBUTES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const RED = '<rect width="100" height="50" fill="#ff0000"/>';
const svg = (content = RED, size = 'viewBox="0 0 100 50"') =>
  Buffer.from(`<svg ${ATTRIBUTES} ${size}>${content}</svg>`);

const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: '#ff0000' } }).withExif({ IFD0: { Copyright: 'Secret' } });

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A valid PNG of zeros, a few kilobytes for megabytes of pixels. */
function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0], 8);
  const rows = deflateSync(Buffer.alloc(Math.min((Math.ceil(width / 8) + 1) * height, 8 * 1024 * 1024)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** A JPEG whose header says that it is larger. */
async function withJpegSize(width: number, height: number): Promise<Buffer> {
  const picture = Buffer.from(await red(10, 10).jpeg().toBuffer());
  const frame = picture.indexOf(Buffer.from([0xff, 0xc0]));
  picture.writeUInt16BE(height, frame + 5);
  picture.writeUInt16BE(width, frame + 7);
  return picture;
}

const decode = (picture: Buffer) => decodeLogo(picture, { argument: 'logo' });
const pixelOf = async (png: Buffer, left: number, top: number) => [
  ...(await sharp(png).extract({ left, top, width: 1, height: 1 }).ensureAlpha().raw().toBuffer()),
];

describe('decodeLogo', () => {
  it('takes PNG, JPEG and SVG, and draws them anew at most 1024 pixels wide', async () => {
    const [png, jpeg, drawn] = await Promise.all([
      decode(await red(2_000, 1_000).png().toBuffer()),
      decode(await red(300, 200).jpeg().toBuffer()),
      decode(svg()),
    ]);
    expect([png, jpeg, drawn].map(({ width, height }) => [width, height])).toEqual([
      [1024, 512],
      [300, 200],
      [1024, 512],
    ]);
    expect(await pixelOf(drawn.png, 500, 250)).toEqual([255, 0, 0, 255]);
    for (const made of [png, jpeg, drawn]) {
      expect(made.png.includes('Secret')).toBe(false);
      expect(await sharp(made.png).metadata()).toMatchObject({ format: 'png', space: 'srgb' });
    }
  });

  it.each([
    ['tiny', 'width="1" height="0.5" viewBox="0 0 100 50"'],
    ['huge', 'width="1e9px" height="5e8px" viewBox="0 0 100 50"'],
    ['without a viewBox', 'width="100px" height="50px"'],
  ])('draws an SVG that is %s as large as others', async (_what, size) => {
    expect(await decode(svg(RED, size))).toMatchObject({ width: 1024, height: 512 });
  });

  it('turns a photograph as its metadata say, and leaves out what follows a picture', async () => {
    const turned = await sharp(await red(20, 10).jpeg().toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await decode(turned)).toMatchObject({ width: 10, height: 20 });
    const polyglot = Buffer.concat([
      await red(8, 8).png().toBuffer(),
      Buffer.from('<script>alert(1)</script>PK\u0003\u0004'),
    ]);
    expect((await decode(polyglot)).png.includes('script')).toBe(false);
  });

  it('reads no file and no address that an SVG refers to', async () => {
    const references = [
      '<image href="file:///etc/passwd" width="100" height="50"/>',
      '<image xlink:href="http://127.0.0.1:1/x.png" width="100" height="50"/>',
      '<use href="http://127.0.0.1:1/x.svg#a"/>',
      '<style>@import url(http://127.0.0.1:1/x.css); rect { fill: url(http://127.0.0.1:1/a) }</style>',
      '<foreignObject width="100" height="50"><div xmlns="http://www.w3.org/1999/xhtml">x</div></foreignObject>',
      '<script>alert(1)</script>',
      '<g onload="alert(1)" style="background:url(http://127.0.0.1:1/y)"><a href="javascript:alert(1)"/></g>',
    ];
    const made = await decode(svg(references.join('') + RED));
    expect(await pixelOf(made.png, 500, 250)).toEqual([255, 0, 0, 255]);
  });

  const ENTITIES = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  ).join('');
  const LAUGHS = `<!DOCTYPE svg [<!ENTITY e0 "ha">${ENTITIES}]>${svg('<text>&e9;</text>')}`;
  const WITH_BYTES = Buffer.concat([svg(), Buffer.alloc(MAX_LOGO_BYTES, ' ')]);
  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['10 MB', () => Buffer.concat([svg(), Buffer.alloc(10_000_000, ' ')]), 'must have at most 2 MiB'],
    ['over the limit by its end', () => WITH_BYTES, 'must have at most 2 MiB'],
    ['a PNG of 2 GB', () => bomb(46_000, 46_000), 'must have at most 40 million pixels, and has 46000 x 46000'],
    [
      'a JPEG of 17 GB',
      () => withJpegSize(65_500, 65_500),
      'must have at most 40 million pixels, and has 65500 x 65500',
    ],
    [
      'a PNG without its end',
      async () => (await red(900, 900).png().toBuffer()).subarray(0, 1_500),
      'must be a whole, valid',
    ],
    [
      'a PNG of its signature',
      async () => (await red(9, 9).png().toBuffer()).subarray(0, 9),
      'must be a whole picture',
    ],
    [
      'a JPEG without its end',
      async () => (await red(900, 900).jpeg().toBuffer()).subarray(0, 900),
      'must be a whole, valid',
    ],
    ['a WebP', () => red(9, 9).webp().toBuffer(), 'and is WebP'],
    ['an AVIF', () => red(9, 9).avif().toBuffer(), 'and is AVIF or HEIF'],
    ['an SVG of entities', () => Buffer.from(LAUGHS), 'must not declare entities'],
    [
      'an SVG of a picture only',
      () => svg('<image href="data:image/png;base64,AAAA" width="9" height="9"/>'),
      'must show something',
    ],
    [
      'an empty PNG',
      () =>
        sharp({ create: { width: 9, height: 9, channels: 4, background: '#0000' } })
          .png()
          .toBuffer(),
      'must show something',
    ],
  ])('refuses %s', async (_what, make, problem) => {
    await expect(decode(await make())).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: [{ argument: 'logo', problem: expect.stringContaining(problem) }],
    });
  });

  it('kills the program that draws for too long', async () => {
    const filter = '<filter id="f"><feTurbulence numOctaves="10"/><feGaussianBlur stdDeviation="200"/></filter>';
    const slow = svg(filter + '<rect width="100" height="50" filter="url(#f)"/>'.repeat(10_000));
    await expect(decodeLogo(slow, { argument: 'logo', timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: [{ problem: 'takes too long to draw: make it simpler' }],
    });
  });
});
