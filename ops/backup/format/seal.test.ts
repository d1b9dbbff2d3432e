import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyIdOf, sealWith, unsealWith } from './seal.js';

const key = randomBytes(32);
const CHUNK = 64 * 1024;
const SEALED_CHUNK = CHUNK + 16;

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const seal = (plain: Buffer) => collect(sealWith(key)(inPieces(plain, 10_000)));
const open = (sealed: Buffer, with_ = key, pieces = 7_777) => collect(unsealWith(with_)(inPieces(sealed, pieces)));
const headerOf = (sealed: Buffer) => sealed.subarray(0, sealed.indexOf('\n') + 1);

/** The chunks of a sealed file, each with its tag. */
function chunksOf(sealed: Buffer): Buffer[] {
  const body = sealed.subarray(headerOf(sealed).length);
  return Array.from({ length: Math.ceil(body.length / SEALED_CHUNK) }, (_, n) =>
    body.subarray(n * SEALED_CHUNK, (n + 1) * SEALED_CHUNK),
  );
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

describe('a sealed file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_001])(
    'opens as it was sealed, with %d bytes',
    async (size) => {
      const plain = randomBytes(size);
      const sealed = await seal(plain);
      expect((await open(sealed)).equals(plain)).toBe(true);
      expect((await open(sealed, key, 1_000_000)).equals(plain)).toBe(true);
      if (size > 16) expect(sealed.includes(plain.subarray(0, 16))).toBe(false);
    },
  );

  it('is sealed differently each time', async () => {
    const [one, other] = [await seal(Buffer.from('same')), await seal(Buffer.from('same'))];
    expect(one.equals(other)).toBe(false);
  });

  it('does not open where one bit was changed, be it in its header', async () => {
    const sealed = await seal(randomBytes(2 * CHUNK + 100));
    const header = headerOf(sealed).length;
    // The end of the salt, the first byte, the middle, a tag, the last byte.
    for (const at of [header - 5, header, header + CHUNK + 500, header + CHUNK + 3, sealed.length - 1]) {
      await expect(open(flipped(sealed, at))).rejects.toThrow('The backup cannot be used');
    }
  });

  it('does not open when it is cut off, be it between two chunks', async () => {
    const sealed = await seal(randomBytes(3 * CHUNK));
    const header = headerOf(sealed).length;
    for (const end of [header, header + 10, header + SEALED_CHUNK, header + 2 * SEALED_CHUNK, sealed.length - 1, 40]) {
      await expect(open(sealed.subarray(0, end))).rejects.toThrow(/cut off/);
    }
  });

  it('does not open with moved, missing or added chunks', async () => {
    const sealed = await seal(randomBytes(3 * CHUNK + 5));
    const [first, second, third, last] = chunksOf(sealed) as [Buffer, Buffer, Buffer, Buffer];
    const orders = [
      [second, first, third, last],
      [first, third, last],
      [first, second, third, last, last],
      [first, first, second, third, last],
    ];
    for (const order of orders) {
      await expect(open(Buffer.concat([headerOf(sealed), ...order]))).rejects.toThrow(/changed or moved/);
    }
  });

  it('refuses chunks of another file with the same key', async () => {
    const [one, other] = [await seal(randomBytes(CHUNK + 5)), await seal(randomBytes(CHUNK + 5))];
    const mixed = Buffer.concat([headerOf(one), chunksOf(other)[0] as Buffer, chunksOf(one)[1] as Buffer]);
    await expect(open(mixed)).rejects.toThrow(/changed or moved/);
  });

  it('names its key for another key and without one', async () => {
    const sealed = await seal(Buffer.from('secret'));
    await expect(open(sealed, randomBytes(32))).rejects.toThrow(`sealed with key ${keyIdOf(key)}`);
    await expect(collect(unsealWith(undefined)(inPieces(sealed, 100)))).rejects.toThrow(/set BACKUP_ENCRYPTION_KEY/);
  });
});
