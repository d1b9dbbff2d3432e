import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { makeDataDir } from '#runtime/config/data-dir.js';
import type { MailConfig } from '#runtime/config/operations-config.js';
import type { MailFile } from './mail-file.js';

export interface OutgoingMail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** With angle brackets; absent = a new one. */
  messageId?: string;
  date: Date;
  /** For `List-Unsubscribe` (RFC 8058). */
  unsubscribeUrl?: string;
  attachments?: MailFile[];
}

export interface MailTransport {
  /** Resolves once a server accepted the mail. Rejects with nodemailer's error, at the latest after SEND_TIMEOUT_MS. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

export const SEND_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

// Keeps auto-responders from answering (RFC 3834).
const AUTOMATIC = { headers: { 'Auto-Submitted': 'auto-generated' } };
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Returns nodemailer's options for the server at `url`. The query of the URL overrides them (`?requireTLS=false`). */
export function smtpOptions(url: string) {
  const { password, hostname } = new URL(url);
  return {
    pool: true as const,
    url,
    // An attacker could otherwise read the password by stripping STARTTLS from the server's greeting.
    requireTLS: password !== '' && !LOOPBACK.test(hostname),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // The outbox retries.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function messageOf({ unsubscribeUrl, attachments = [], ...mail }: OutgoingMail) {
  const list = { unsubscribe: { url: unsubscribeUrl ?? '', comment: '' } };
  return {
    ...mail,
    ...(unsubscribeUrl && { list, headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } }),
    attachments: attachments.map(({ name: filename, contentType, content }) => ({ filename, contentType, content })),
  };
}

function openSmtpTransport(url: string): MailTransport {
  const transport = createTransport(smtpOptions(url), AUTOMATIC);
  return {
    send: async (mail) => {
      await transport.sendMail({ ...messageOf(mail), signal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    },
    close: () => transport.close(),
  };
}

/** Writes each mail to `<dataDir>/mail/<time>-<id>.eml`. The same Message-ID is the same file. */
export function openPreviewTransport(dataDir: string): MailTransport {
  const folder = join(dataDir, 'mail');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' }, AUTOMATIC);
  return {
    send: async ({ date, messageId = `<${randomUUID()}@localhost>`, ...mail }) => {
      const { message } = await transport.sendMail({ ...messageOf({ ...mail, date }), messageId });
      makeDataDir(folder);
      const id = /[\w-]+/.exec(messageId)?.[0];
      const file = join(folder, `${date.toISOString().replace(/[:.]/g, '-')}-${id}.eml`);
      // Readable by the owner only, as it may hold a sign-in link; renamed, so that no reader sees half a mail.
      const draft = `${file}.${randomUUID()}`;
      await writeFile(draft, message as Buffer, { mode: 0o600 });
      await rename(draft, file);
    },
    close: () => {},
  };
}

/** Opens SMTP where a server is configured, else files in `<dataDir>/mail`. */
export function openMailTransport({ smtpUrl }: MailConfig, dataDir: string): MailTransport {
  return smtpUrl ? openSmtpTransport(smtpUrl) : openPreviewTransport(dataDir);
}
