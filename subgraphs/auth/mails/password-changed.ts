import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Tells that the password is another one, and which sessions that ended. */
export function passwordChangedMail(how: 'changed' | 'reset', origin: string): RenderedMail {
  const ended = how === 'changed' ? 'Every other session was ended.' : 'Every session was ended: log in again.';
  return renderMail({
    subject: how === 'changed' ? 'Your password was changed' : 'Your password was reset',
    paragraphs: [
      `The password of your WebMetrics account was ${how} (${origin}). ${ended}`,
      'If it was not you, ask for a new password at once where you log in, and check who else can read your mail.',
    ],
  });
}
