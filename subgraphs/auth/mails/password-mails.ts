import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Returns the notice of a replaced password; `keys` are the names of the person's API keys. */
export function passwordChangedMail(
  how: 'changed' | 'reset',
  { origin, keys }: { origin: string; keys: string[] },
): RenderedMail {
  const ended = how === 'changed' ? 'Every other session was ended.' : 'Every session was ended: log in again.';
  return renderMail({
    subject: how === 'changed' ? 'Your password was changed' : 'Your password was reset',
    paragraphs: [
      `The password of your WebMetrics account was ${how} (${origin}). ${ended}`,
      'If it was not you, ask for a new password at once where you log in, and check who else can read your mail.',
      ...(keys.length > 0
        ? [`API keys that you created go on working: ${keys.join(', ')}. Revoke those that are not yours.`]
        : []),
    ],
  });
}

/** Returns the mail with a password reset link. */
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
