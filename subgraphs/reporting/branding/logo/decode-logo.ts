import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { InvalidInput, ServiceUnavailable } from '#runtime/errors.js';
import { BadPicture, checkPngSize, pictureKind } from './picture-kind.js';

/** A picture as PNG, at most 1024 pixels wide and high. */
export interface DecodedLogo {
  png: Buffer;
  width: number;
  height: number;
  /** SHA-256 of the PNG, hexadecimal. */
  hash: string;
}

/** Bytes of a picture that is sent. */
export const MAX_LOGO_BYTES = 2 * 1024 * 1024;

const PROGRAM = fileURLToPath(new URL('./decode-program.js', import.meta.url));
const TIMEOUT_MS = 10_000;
const REFUSED = 3;

const MAX_WAITING = 8;
const queue = new PQueue({ concurrency: 2 });

/** Runs the program that decodes a picture; it is killed when it takes too long. Throws BadPicture. */
async function runProgram(kind: string, picture: Buffer, timeoutMs: number): Promise<Buffer> {
  const child = spawn(process.execPath, ['--max-old-space-size=128', PROGRAM, kind], {
    env: { VIPS_CONCURRENCY: '1', G_SLICE: 'always-malloc' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => {});
  child.stdin.end(picture);
  const [png, problem, { code, signal }] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  if (code === 0) return png;
  if (code === REFUSED) throw new BadPicture(problem);
  if (signal === 'SIGKILL') throw new BadPicture('takes too long to draw: make it simpler');
  throw new Error(`Decoding a logo ended with ${code ?? signal}: ${problem.slice(0, 500)}`);
}

const WIDTH_AT = 16;
const HEIGHT_AT = 20;

/**
 * Returns a PNG, JPEG or SVG picture drawn anew as PNG, without metadata, scripts and what else it brings along. It is decoded in a
 * process of its own, two at a time. Throws InvalidInput for `argument`, and ServiceUnavailable while others wait.
 */
export async function decodeLogo(
  picture: Buffer,
  { argument, timeoutMs = TIMEOUT_MS }: { argument: string; timeoutMs?: number },
): Promise<DecodedLogo> {
  try {
    if (picture.length > MAX_LOGO_BYTES) throw new BadPicture(`must have at most ${MAX_LOGO_BYTES / 1024 / 1024} MiB`);
    const kind = pictureKind(picture);
    if (kind === 'png') checkPngSize(picture);
    if (queue.size >= MAX_WAITING) throw new ServiceUnavailable();
    const png = await queue.add(() => runProgram(kind, picture, timeoutMs));
    const hash = createHash('sha256').update(png).digest('hex');
    return { png, width: png.readUInt32BE(WIDTH_AT), height: png.readUInt32BE(HEIGHT_AT), hash };
  } catch (error) {
    if (error instanceof BadPicture) throw new InvalidInput([{ argument, problem: error.message }], { cause: error });
    throw error;
  }
}
