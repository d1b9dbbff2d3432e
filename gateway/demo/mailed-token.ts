import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Undoes what RFC 2045 §6.7 does to a link: lines are broken, and each `=` is written as its number. */
const plain = (text: string) => text.replaceAll(/=\r?\n/g, '').replaceAll(/=3d/gi, '=');

/**
 * Returns the token in the newest link to `page` that was mailed to an address, where mail is written to `dataDir`; undefined
 * when there is none.
 */
export async function mailedToken(dataDir: string, address: string, page: string): Promise<string | undefined> {
  const folder = join(dataDir, 'mail');
  const names = await readdir(folder).catch(() => []);
  // Named by their time.
  for (const name of names
    .filter((name) => name.endsWith('.eml'))
    .toSorted()
    .toReversed()) {
    const mail = plain(await readFile(join(folder, name), 'utf8'));
    if (!mail.includes(`\nTo: ${address}\r\n`)) continue;
    const [, token] = mail.split(`/${page}?token=`)[1]?.match(/^([\w-]+)/) ?? [];
    if (token) return token;
  }
  return undefined;
}
