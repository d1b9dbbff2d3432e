import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Tells at the old address that the account is about to move, and how to stop that. */
export function emailChangeAskedMail(newEmail: string, stopUrl: string, origin: string): RenderedMail {
  return renderMail({
    subject: 'Your e-mail address is about to change',
    paragraphs: [
      `${newEmail} was given as the new address of your WebMetrics account (${origin}). It counts once it was confirmed there; until then you sign in with this one.`,
      'If it was you, there is nothing to do here. If not, somebody knows your password: stop it. That keeps this address, ends every session and lets you choose another password.',
      'The link works for 7 days, also after the change.',
    ],
    action: { label: 'Stop the change', url: stopUrl },
  });
}
