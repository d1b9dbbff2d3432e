import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { AUTOMATIC, type MailTransport } from './mail-transport.js';

/** Writes each mail to `<dataDir>/mail/<time>-<id>.eml`, as a mail program opens it. The same mail is the same file. */
export function openPreviewTransport(dataDir: string): MailTransport {
  const folder = join(dataDir, 'mail');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' }, AUTOMATIC);
  return {
    send: async ({ date, messageId = `<${randomUUID()}@localhost>`, ...mail }) => {
      const { message } = await transport.sendMail({ ...mail, date, messageId });
      makeDataDir(folder);
      const id = /[\w-]+/.exec(messageId)?.[0];
      const file = join(folder, `${date.toISOString().replace(/[:.]/g, '-')}-${id}.eml`);
      // It may hold a link that signs somebody in; and whoever watches the folder must not read half a mail.
      const draft = `${file}.${randomUUID()}`;
      await writeFile(draft, message as Buffer, { mode: 0o600 });
      await rename(draft, file);
    },
    close: () => {},
  };
}
