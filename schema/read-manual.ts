import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'es-toolkit/function';
import { schemaFile } from './type-definitions.js';

/** A page of the user's manual. */
export interface ManualPage {
  /** Of its file: `api-keys`. */
  name: string;
  title: string;
  /** Markdown. */
  text: string;
}

/** Returns the pages of `schema/manual` by name, read once. */
export const readManual = once((): readonly ManualPage[] => {
  const files = readdirSync(schemaFile('manual')).filter((file) => file.endsWith('.md'));
  return files.sort().map((file) => {
    const name = file.slice(0, -'.md'.length);
    const text = readFileSync(schemaFile(`manual/${file}`), 'utf8');
    return { name, title: /^# (.+)$/m.exec(text)?.[1] ?? name, text };
  });
});
