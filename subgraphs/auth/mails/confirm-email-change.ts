import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Asks at the new address whether an account may move there. */
export function confirmEmailChangeMail(url: string): RenderedMail {
  return renderMail({
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'This address was given as the new one of a WebMetrics account. Once you confirm it, the account signs in with it.',
      'The link works once and for 24 hours. If it was not you, leave it: nothing changes.',
    ],
    action: { label: 'Confirm the new address', url },
  });
}
