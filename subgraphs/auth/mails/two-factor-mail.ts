import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

export type TwoFactorNews =
  | 'enabled'
  | 'disabled'
  | 'reset'
  | 'wrong-codes'
  | 'locked'
  | 'recovery-code-used'
  | 'recovery-codes-replaced';

const news: Record<TwoFactorNews, [subject: string, text: string]> = {
  enabled: [
    'Two-factor sign-in is on',
    'From now on, signing in to your WebMetrics account takes a code of your authenticator app besides the password. Keep your recovery codes where you find them without your phone.',
  ],
  disabled: ['Two-factor sign-in is off', 'Signing in to your WebMetrics account takes no code any more.'],
  reset: [
    'Your two-factor sign-in was reset',
    'An administrator of your organization has removed the authenticator app from your WebMetrics account, and your recovery codes with it. Set up a new one when you sign in again.',
  ],
  'wrong-codes': [
    'Wrong codes were entered for your account',
    'Five wrong codes of the authenticator app were entered for your WebMetrics account, by a person who knows your password.',
  ],
  locked: [
    'Your authenticator app is locked',
    'A hundred wrong codes in a row were entered for your WebMetrics account, by a person who knows your password. From now on only a recovery code is accepted; after it, codes of the app work again. Without one, an administrator can reset your two-factor sign-in.',
  ],
  'recovery-code-used': [
    'A recovery code was used',
    'A recovery code was used instead of a code of the authenticator app of your WebMetrics account.',
  ],
  'recovery-codes-replaced': [
    'You have new recovery codes',
    'The recovery codes of your WebMetrics account were replaced. The ones before do not work any more.',
  ],
};

/** Returns the notice of a changed second factor; `codesLeft` = unused recovery codes. */
export function twoFactorMail(kind: TwoFactorNews, codesLeft?: number): RenderedMail {
  const [subject, text] = news[kind];
  const left = codesLeft === undefined ? [] : [`You have ${codesLeft} recovery codes left.`];
  const warning = 'If you did not expect this, change your password at once and tell an administrator.';
  return renderMail({ subject, paragraphs: [text, ...left, warning] });
}
