import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { DamagedBackup, UnusableBackup } from '#ops/backup/backup-problems.js';

// The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with AES-256-GCM, as in the age file format
// (https://age-encryption.org/v1): chunks of 64 KiB whose nonce is their number and whether they are the last, so that
// none can be changed, moved or cut off. Each file's key derives from the operator's key, a salt and the header.

const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SALT_BYTES = 32;
const HEADER_MAX_BYTES = 1024;
const MAGIC = '{"webmetrics":"sealed backup"';

export const SEALED_MAGIC = Buffer.from(MAGIC);

/** Returns a fingerprint of a key. */
export function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

const fileKey = (key: Buffer, salt: Buffer, header: Buffer) =>
  Buffer.from(hkdfSync('sha256', key, salt, Buffer.concat([Buffer.from('webmetrics backup '), header]), 32));

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Yields chunks of exactly `size` bytes; the last is shorter, and empty only without any bytes. */
async function* chunksOf(
  bytes: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ chunk: Buffer; isLast: boolean }> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    let start = 0;
    // A chunk is known not to be the last only once more bytes arrived.
    for (; buffered.length - start > size; start += size) {
      yield { chunk: buffered.subarray(start, start + size), isLast: false };
    }
    buffered = buffered.subarray(start);
  }
  yield { chunk: buffered, isLast: true };
}

/** Returns a step that encrypts. */
export function sealWith(key: Buffer) {
  return async function* seal(plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const salt = randomBytes(SALT_BYTES);
    const facts = `"format":1,"cipher":"aes-256-gcm","chunkBytes":${CHUNK_BYTES},"keyId":"${keyIdOf(key)}"`;
    const header = Buffer.from(`${MAGIC},${facts},"salt":"${salt.toString('hex')}"}\n`);
    const derived = fileKey(key, salt, header);
    yield header;
    let number = 0;
    for await (const { chunk, isLast } of chunksOf(plain, CHUNK_BYTES)) {
      const cipher = createCipheriv('aes-256-gcm', derived, nonceOf(number, isLast));
      number += 1;
      yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    }
  };
}

interface SealHeader {
  format: number;
  keyId: string;
  salt: string;
}

function readHeader(line: Buffer): SealHeader {
  try {
    return JSON.parse(line.toString()) as SealHeader;
  } catch (cause) {
    throw new DamagedBackup('its first line is damaged', cause);
  }
}

function checkHeader({ format, keyId }: SealHeader, key: Buffer | undefined): asserts key is Buffer {
  if (format !== 1)
    throw new UnusableBackup(`The backup is sealed in format ${format}, which this version cannot open.`);
  if (!key) throw new UnusableBackup(`The backup is sealed with key ${keyId}: set BACKUP_ENCRYPTION_KEY to that key.`);
  if (keyIdOf(key) === keyId) return;
  throw new UnusableBackup(
    `The backup is sealed with key ${keyId}, but BACKUP_ENCRYPTION_KEY is key ${keyIdOf(key)}: set it to the key of the backup.`,
  );
}

function unsealChunk(derived: Buffer, chunk: Buffer, number: number, isLast: boolean): Buffer {
  if (chunk.length < TAG_BYTES) throw new DamagedBackup('it is cut off');
  const decipher = createDecipheriv('aes-256-gcm', derived, nonceOf(number, isLast), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(chunk.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(chunk.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    const location = `its sealed chunk ${number + 1} was changed or moved${isLast ? ', or the file is cut off there' : ''}`;
    throw new DamagedBackup(location, cause);
  }
}

/** Returns a step that decrypts. Throws UnusableBackup for another key and DamagedBackup at the first damaged chunk. */
export function unsealWith(key: Buffer | undefined) {
  return async function* open(sealed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const iterator = sealed[Symbol.asyncIterator]();
    let beginning: Buffer = Buffer.alloc(0);
    while (!beginning.includes(0x0a)) {
      const { value, done } = await iterator.next();
      if (done || beginning.length > HEADER_MAX_BYTES) throw new DamagedBackup('it is cut off in its first line');
      beginning = Buffer.concat([beginning, value]);
    }
    const line = beginning.subarray(0, beginning.indexOf(0x0a) + 1);
    const header = readHeader(line);
    checkHeader(header, key);
    const derived = fileKey(key, Buffer.from(header.salt, 'hex'), line);
    async function* rest() {
      yield beginning.subarray(line.length);
      yield* { [Symbol.asyncIterator]: () => iterator };
    }
    let number = 0;
    for await (const { chunk, isLast } of chunksOf(rest(), CHUNK_BYTES + TAG_BYTES)) {
      yield unsealChunk(derived, chunk, number, isLast);
      number += 1;
    }
  };
}
