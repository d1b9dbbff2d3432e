import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Returns the mail that confirms a sign-up. It quotes no input: a stranger may have signed up. */
export function completeSignUpMail(url: string, origin: string, declineUrl: string): RenderedMail {
  return renderMail({
    subject: 'Complete your sign-up',
    paragraphs: [
      `Somebody, hopefully you, signed up to WebMetrics with this address (${origin}).`,
      'The link asks for the password that was chosen then. It works once and for 24 hours.',
      'If it was not you, leave it: without the link there is no account.',
    ],
    action: { label: 'Complete the sign-up', url },
    declineUrl,
  });
}

/** Returns the notice of a sign-up to the owner of the address. */
export function signUpTriedMail(origin: string, declineUrl: string): RenderedMail {
  return renderMail({
    subject: 'You have a WebMetrics account already',
    paragraphs: [
      `Somebody tried to sign up to WebMetrics with this address (${origin}). It belongs to an account already.`,
      'If it was you, log in with this address; if you do not know the password any more, ask for a new one where you log in.',
      'If it was not you, leave it: your account is as it was, and the other person was not told of it.',
    ],
    declineUrl,
  });
}

/** Returns the mail that verifies the address of a new account. */
export function verifyEmailMail(url: string, declineUrl: string): RenderedMail {
  return renderMail({
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Somebody, hopefully you, made a WebMetrics account with this address. Please confirm that mail to it reaches you.',
      'The link works once and for 24 hours. If it was not you, there is nothing to do.',
    ],
    action: { label: 'Confirm the address', url },
    declineUrl,
  });
}
