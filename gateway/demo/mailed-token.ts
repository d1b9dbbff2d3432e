import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Decodes the quoted-printable encoding (RFC 2045 §6.7) of links. */
const plain = (text: string) => text.replaceAll(/=\r?\n/g, '').replaceAll(/=3d/gi, '=');

/** Returns the token of the newest link to `page` in the mail files for an address. */
export async function mailedToken(dataDir: string, address: string, page: string): Promise<string | undefined> {
  const folder = join(dataDir, 'mail');
  const names = await readdir(folder).catch(() => []);
  // File names begin with the time.
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
