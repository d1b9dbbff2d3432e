/** One mail as it leaves. */
export interface OutgoingMail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** With its angle brackets; absent = a new one. */
  messageId?: string;
  /** The `Date` header, and a preview's name. */
  date: Date;
}

/** A way for mail to leave this process. */
export interface MailTransport {
  /** Resolves once the mail was taken, and throws what nodemailer throws otherwise; by the deadline in any case. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** The longest an attempt takes. */
export const SEND_TIMEOUT_MS = 60_000;

/** Says that no person wrote this, so that no program answers it (RFC 3834). */
export const AUTOMATIC = { headers: { 'Auto-Submitted': 'auto-generated' } };
