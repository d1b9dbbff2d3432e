/** Why an attempt to deliver a mail failed. */
export interface Refusal {
  /**
   * `recipient`: there is no such mailbox; `message`: the server takes the mail on no attempt; `setup`: it does not take
   * mail from this installation at all, until an operator changes something; `passing`: later it may.
   */
  kind: 'recipient' | 'message' | 'setup' | 'passing';
  reason: string;
}

/** What nodemailer adds to an error. */
interface SmtpError extends Error {
  code?: string;
  /** The command that was refused. */
  command?: string;
  /** The server's answer, such as `550 5.1.1 No such user`. */
  response?: string;
  responseCode?: number;
}

// RFC 3463: the mailbox or its domain does not exist, has moved, is ambiguous or disabled, or takes no mail (RFC 7505).
// Others of class 5.1 are about the sender's address.
const NO_SUCH_MAILBOX = /^5\.(?:1\.(?:[0-6]|10)|2\.1)$/;
// RFC 5321 §4.2.3, for servers that do not say more: mailbox unavailable, not local, name not allowed; RFC 7504.
const MAILBOX_REFUSED = new Set([550, 551, 553, 556]);
const MAX_REASON_LENGTH = 500;

function kindOf({ code, command, response = '', responseCode = 0 }: SmtpError): Refusal['kind'] {
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS') return 'setup';
  // Mail nodemailer itself cannot send: an address the server's extensions have no way to write.
  if (code === 'EENVELOPE' && command === 'API') return 'message';
  if (responseCode < 500 || responseCode > 599) return 'passing';
  if (command === 'RCPT TO') {
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response)?.[1];
    const isMailbox = enhanced ? NO_SUCH_MAILBOX.test(enhanced) : MAILBOX_REFUSED.has(responseCode);
    if (isMailbox) return 'recipient';
    // A full mailbox (5.2.2) empties; what else is refused here is a policy against the sender, such as no relaying.
    return enhanced?.startsWith('5.2.') || responseCode === 552 ? 'passing' : 'setup';
  }
  return command === 'DATA' ? 'message' : 'setup';
}

/** Tells from the error of an attempt what to do about the mail. */
export function refusalIn(error: unknown): Refusal {
  const smtpError = error as SmtpError;
  return { kind: kindOf(smtpError), reason: smtpError.message.slice(0, MAX_REASON_LENGTH) };
}
