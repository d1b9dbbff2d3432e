/** Why an attempt to deliver a mail failed. */
export interface Refusal {
  /**
   * `recipient`: no such mailbox; `message`: the server will never accept this mail; `setup`: it accepts no mail from this
   * installation until an operator changes something; `passing`: it may accept the mail later.
   */
  kind: 'recipient' | 'message' | 'setup' | 'passing';
  reason: string;
}

/** An error of nodemailer. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  /** The server's answer, such as `550 5.1.1 No such user`. */
  response?: string;
  responseCode?: number;
}

// RFC 3463: the mailbox or its domain does not exist, has moved, is ambiguous or disabled, or takes no mail (RFC 7505).
// Others of class 5.1 are about the sender.
const NO_SUCH_MAILBOX = /^5\.(?:1\.(?:[0-6]|10)|2\.1)$/;
// RFC 5321 §4.2.3, for servers without enhanced codes: mailbox unavailable, not local, name not allowed; RFC 7504.
const MAILBOX_REFUSED = new Set([550, 551, 553, 556]);
const MAX_REASON_LENGTH = 500;

function kindOf({ code, command, response = '', responseCode = 0 }: SmtpError): Refusal['kind'] {
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS') return 'setup';
  // Larger than the server takes (RFC 1870), which nodemailer finds in its greeting.
  if (command === 'MAIL FROM' && (code === 'EMESSAGE' || responseCode === 552)) return 'message';
  // Refused by nodemailer itself: the server's extensions cannot express the address.
  if (code === 'EENVELOPE' && command === 'API') return 'message';
  if (responseCode < 500 || responseCode > 599) return 'passing';
  if (command === 'RCPT TO') {
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response)?.[1];
    const isMailbox = enhanced ? NO_SUCH_MAILBOX.test(enhanced) : MAILBOX_REFUSED.has(responseCode);
    if (isMailbox) return 'recipient';
    // A full mailbox (5.2.2) empties; anything else here is a policy against the sender, such as no relaying.
    return enhanced?.startsWith('5.2.') || responseCode === 552 ? 'passing' : 'setup';
  }
  return command === 'DATA' ? 'message' : 'setup';
}

/** Classifies the error of an attempt. */
export function refusalIn(error: unknown): Refusal {
  const smtpError = error as SmtpError;
  return { kind: kindOf(smtpError), reason: smtpError.message.slice(0, MAX_REASON_LENGTH) };
}
