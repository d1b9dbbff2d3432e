import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Tells whoever stopped a change of address how to go on. */
export function emailChangeStoppedMail(resetUrl: string): RenderedMail {
  return renderMail({
    subject: 'Your e-mail address stays: choose a new password',
    paragraphs: [
      'The change of address was stopped. Your WebMetrics account signs in with this address, and every session was ended.',
      'Whoever asked for the change knew your password, so it does not work any more. Choose another one: the link works once and for 30 minutes. After that, ask for a new password where you log in.',
    ],
    action: { label: 'Choose a new password', url: resetUrl },
  });
}
