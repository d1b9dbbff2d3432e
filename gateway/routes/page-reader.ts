import { readFileSync, statSync } from 'node:fs';

/**
 * Returns what reads a page in two parts, before and after where `marker` stands, anew when a build has replaced it: its assets then have other names. While a build
 * is under way, the page is the last one.
 */
export function pageReader(file: string, marker: string): () => { before: string; after: string } {
  const read = () => {
    const [before = '', after = ''] = readFileSync(file, 'utf8').split(marker);
    return { before, after };
  };
  const modified = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  let page = read();
  let readAt = modified();
  return () => {
    const now = modified();
    if (now === undefined || now === readAt) return page;
    page = read();
    readAt = now;
    return page;
  };
}
