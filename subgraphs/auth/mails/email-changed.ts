import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Tells at the old address that the account has moved, and how to take it back. */
export function emailChangedMail(newEmail: string, stopUrl: string, origin: string): RenderedMail {
  return renderMail({
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `Your WebMetrics account signs in with ${newEmail} now (${origin}), and mail about it goes there.`,
      'If it was you, there is nothing to do here. If not, take the account back: that restores this address, ends every session and lets you choose another password. The link works for 7 days.',
    ],
    action: { label: 'Take the account back', url: stopUrl },
  });
}

/** Tells at the new address that it is the one now. */
export function emailConfirmedMail(): RenderedMail {
  return renderMail({
    subject: 'Your new e-mail address is confirmed',
    paragraphs: [
      'Your WebMetrics account signs in with this address from now on, and mail about it comes here.',
      'The old address was told, too.',
    ],
  });
}
