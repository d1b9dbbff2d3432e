import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Asks somebody who signed up whether the address is theirs. */
export function verifyEmailMail(url: string): RenderedMail {
  return renderMail({
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Somebody, hopefully you, made a WebMetrics account with this address. Please confirm that mail to it reaches you.',
      'The link works once and for 24 hours. If it was not you, there is nothing to do.',
    ],
    action: { label: 'Confirm the address', url },
  });
}
