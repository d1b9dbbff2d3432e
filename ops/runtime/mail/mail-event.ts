import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { storableText } from '#runtime/database/storable-text.js';
import { isMailAddress } from './address.js';
import { suppress } from './suppression.js';

/** What a mail service reports about a mail it accepted. */
export const mailEvent = z.object({
  /** `bounce`: a hard bounce. `complaint`: the recipient marked it as spam. */
  type: z.enum(['bounce', 'complaint']),
  recipient: storableText.refine(isMailAddress, 'must be one mail address'),
  messageId: storableText.max(1_000).optional(),
  reason: storableText.max(1_000).optional(),
});

export type MailEvent = z.output<typeof mailEvent>;

export const RECORD_MAIL_EVENTS = 'mail.record-events';

async function recordEvent(manager: EntityManager, event: MailEvent): Promise<void> {
  const { type, recipient, messageId, reason = null } = event;
  const cause = type === 'bounce' ? 'BOUNCE' : 'COMPLAINT';
  await suppress(manager, { address: recipient, cause, reason: event.reason });
  if (!messageId) return;
  // A complaint is about a mail that arrived: it stays SENT.
  await manager.query(
    `UPDATE operations.mail
     SET status = CASE WHEN $2 = 'BOUNCE' THEN 'BOUNCED' ELSE status END, reason = coalesce($3, lower($2))
     WHERE message_id = $1 AND status IN ('SENT', 'BOUNCED')`,
    [`<${messageId.replace(/^\s*<|>\s*$/g, '')}>`, cause, reason],
  );
}

/** Records the events a mail service reported, in one transaction. Idempotent. */
export async function recordMailEvents(operations: DataSource, events: MailEvent[]): Promise<void> {
  await operations.transaction(async (manager) => {
    for (const event of events) await recordEvent(manager, event);
  });
}
