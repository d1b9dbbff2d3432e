import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Lets somebody who signed up show that the address is theirs. Nothing they gave is in it: a stranger may have. */
export function completeSignUpMail(url: string, origin: string): RenderedMail {
  return renderMail({
    subject: 'Complete your sign-up',
    paragraphs: [
      `Somebody, hopefully you, signed up to WebMetrics with this address (${origin}).`,
      'The link asks for the password that was chosen then. It works once and for 24 hours.',
      'If it was not you, leave it: without the link there is no account.',
    ],
    action: { label: 'Complete the sign-up', url },
  });
}

/** Tells who has an account already that somebody tried to make another one. Whoever tried is not told. */
export function signUpTriedMail(origin: string): RenderedMail {
  return renderMail({
    subject: 'You have a WebMetrics account already',
    paragraphs: [
      `Somebody tried to sign up to WebMetrics with this address (${origin}). It belongs to an account already.`,
      'If it was you, log in with this address; if you do not know the password any more, ask for a new one where you log in.',
      'If it was not you, leave it: your account is as it was, and whoever tried was not told of it.',
    ],
  });
}
