import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';

/** Tells who has an account already that another one cannot move to their address. Whoever asked is not told. */
export function addressTakenMail(): RenderedMail {
  return renderMail({
    subject: 'This address has an account already',
    paragraphs: [
      'Somebody wanted to move another WebMetrics account to this address. That cannot be: it has one of its own already.',
      'If it was you, log in with this address, or choose another one for the other account. If not, leave it: nothing changes.',
    ],
  });
}
