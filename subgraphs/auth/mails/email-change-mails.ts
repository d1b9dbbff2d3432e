import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Returns the notice of a requested change to the old address. */
export function emailChangeRequestedMail(newEmail: string, stopUrl: string, origin: string): RenderedMail {
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

/** Returns the mail that confirms the new address. */
export function confirmEmailChangeMail(url: string, declineUrl: string): RenderedMail {
  return renderMail({
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'This address was given as the new one of a WebMetrics account. Once you confirm it, the account signs in with it.',
      'The link works once and for 24 hours. If it was not you, leave it: nothing changes.',
    ],
    action: { label: 'Confirm the new address', url },
    declineUrl,
  });
}

/** Returns the notice that the new address already has an account, to its owner. */
export function addressTakenMail(declineUrl: string): RenderedMail {
  return renderMail({
    subject: 'This address has an account already',
    paragraphs: [
      'Somebody wanted to move another WebMetrics account to this address. That cannot be: it has one of its own already.',
      'If it was you, log in with this address, or choose another one for the other account. If not, leave it: nothing changes.',
    ],
    declineUrl,
  });
}

/** Returns the notice of a completed change to the old address. */
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

/** Returns the notice of a completed change to the new address. */
export function emailConfirmedMail(): RenderedMail {
  return renderMail({
    subject: 'Your new e-mail address is confirmed',
    paragraphs: [
      'Your WebMetrics account signs in with this address from now on, and mail about it comes here.',
      'The old address was notified, too.',
    ],
  });
}

/** Returns the notice of a stopped change, with a reset link. */
export function emailChangeStoppedMail(resetUrl: string): RenderedMail {
  return renderMail({
    subject: 'Your e-mail address stays: choose a new password',
    paragraphs: [
      'The change of address was stopped. Your WebMetrics account signs in with this address, and every session was ended.',
      'The change was requested with your password, so it does not work any more. Choose another one: the link works once and for 30 minutes. After that, ask for a new password where you log in.',
    ],
    action: { label: 'Choose a new password', url: resetUrl },
  });
}
