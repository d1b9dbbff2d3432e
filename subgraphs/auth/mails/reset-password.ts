import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Lets somebody choose a new password who asked for it. */
export function resetPasswordMail(url: string, origin: string): RenderedMail {
  return renderMail({
    subject: 'Choose a new password',
    paragraphs: [
      `A new password was asked for your WebMetrics account (${origin}).`,
      'The link works once and for 30 minutes. Choosing a new password signs you out on every device.',
      'If it was not you, leave it: your password stays as it is.',
    ],
    action: { label: 'Choose a new password', url },
  });
}
