import { z } from 'zod';
import { storableText } from '#runtime/database/storable-text.js';
import { isMailAddress } from './address.js';

/** What a mail service reports about a mail after it took it. */
export const mailEvent = z.object({
  /** `bounce`: for good, there is no such mailbox. `complaint`: the recipient called it spam. */
  type: z.enum(['bounce', 'complaint']),
  recipient: storableText.refine(isMailAddress, 'must be one mail address'),
  /** Of the mail, with or without its angle brackets. */
  messageId: storableText.max(1_000).optional(),
  reason: storableText.max(1_000).optional(),
});

export type MailEvent = z.output<typeof mailEvent>;

/** The job that records what a mail service reported. */
export const RECORD_MAIL_EVENTS = 'mail.record-events';
