import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Returns the notice of a session that may have been stolen. */
export function sessionReusedMail(origin: string): RenderedMail {
  return renderMail({
    subject: 'We ended one of your sessions',
    paragraphs: [
      `A key to one of your WebMetrics sessions was used a second time (${origin}). Each is good for one use only: somebody may have copied it. We ended that session; your other ones go on.`,
      'If you restored a device or a browser from a backup, that may be all that happened: log in again.',
      'Otherwise: log in, look through your sessions, log out everywhere, and change your password. Check the device you used for programs you do not know.',
    ],
  });
}
