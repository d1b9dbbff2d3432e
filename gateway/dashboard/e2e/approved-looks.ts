import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';
import { projectRoot } from '#runtime/process/project-root.js';
import { differencesOf } from './layout-difference.js';

const FOLDER = join(projectRoot, 'gateway', 'dashboard', 'e2e', 'approved');
/** Where a picture that differs is put, for people. */
const SEEN = join(projectRoot, 'coverage', 'dashboard', 'differences');
/** Pictures are kept at half the size: what is smaller than that no one approves. */
const SCALE = 0.5;
/** By which a pixel may differ: the compression of a picture is less than that. */
const THRESHOLD = 0.15;
const MAX_SHARE = 0.002;

// biome-ignore lint/style/noProcessEnv: set by `npm run approve-looks`
export const isApproving = process.env.APPROVE_LOOKS === 'on';

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Layouts of a screen by the name of their look, in a file of its own. */
export function compareLayouts(screen: string, layouts: Record<string, readonly string[]>): string[] {
  const file = join(FOLDER, `${screen}.json`);
  if (isApproving) write(file, `${JSON.stringify(layouts, null, 1)}\n`);
  if (!existsSync(file)) return [`${screen} is not approved`];
  const approved = JSON.parse(readFileSync(file, 'utf8')) as typeof layouts;
  return Object.entries(layouts).flatMap(([look, lines]) =>
    differencesOf(lines, approved[look] ?? []).map((difference) => `${screen}, ${look}: ${difference}`),
  );
}

const browserFile = join(FOLDER, 'browser.json');

/** Whether pictures can be compared: another version of the browser draws letters and lines in another way. */
export function isBrowserOfPictures(version: string): boolean {
  if (isApproving) write(browserFile, `${JSON.stringify({ version })}\n`);
  return existsSync(browserFile) && JSON.parse(readFileSync(browserFile, 'utf8')).version === version;
}

async function pixelsOf(picture: Buffer) {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Compares a picture with the approved one; what differs is red in `coverage/dashboard/differences/`. */
export async function comparePicture(name: string, screenshot: Buffer): Promise<string[]> {
  const file = join(FOLDER, `${name}.webp`);
  const { width = 0 } = await sharp(screenshot).metadata();
  const small = await sharp(screenshot)
    .resize(Math.round(width * SCALE))
    .png()
    .toBuffer();
  if (isApproving) write(file, await sharp(small).webp({ quality: 90, effort: 6 }).toBuffer());
  if (!existsSync(file)) return [`${name} is not approved`];
  const [is, was] = [await pixelsOf(small), await pixelsOf(readFileSync(file))];
  if (is.width !== was.width || is.height !== was.height) return [`${name} has another size`];
  const marked = Buffer.alloc(is.data.length);
  const count = pixelmatch(is.data, was.data, marked, is.width, is.height, { threshold: THRESHOLD });
  const share = count / (is.width * is.height);
  if (share <= MAX_SHARE) return [];
  const raw = { width: is.width, height: is.height, channels: 4 as const };
  write(join(SEEN, `${name}.png`), await sharp(marked, { raw }).png().toBuffer());
  return [`${name}: ${(share * 100).toFixed(2)} % of the pixels differ`];
}
