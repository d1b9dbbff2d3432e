import { createTransport } from 'nodemailer';
import { AUTOMATIC, type MailTransport, SEND_TIMEOUT_MS } from './mail-transport.js';

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Returns how nodemailer is to reach the server at `url`, whose query goes before all of it (`?requireTLS=false`). */
export function smtpOptions(url: string) {
  const { password, hostname } = new URL(url);
  return {
    pool: true as const,
    url,
    // Nobody on the way may read the password by leaving STARTTLS out of the server's greeting.
    requireTLS: password !== '' && !LOOPBACK.test(hostname),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // What was cut off is tried again by the outbox, which remembers.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Hands mail to an SMTP server over a few kept connections: encrypted where the server can, and always with a password. */
export function openSmtpTransport(url: string): MailTransport {
  const transport = createTransport(smtpOptions(url), AUTOMATIC);
  return {
    send: async (mail) => {
      await transport.sendMail({ ...mail, signal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    },
    close: () => transport.close(),
  };
}
