import type { DataSource, EntityManager } from 'typeorm';
import type { MailEvent } from './mail-event.js';
import { suppress } from './suppression.js';

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

/** Records what a mail service reported, all of it or nothing. Doing so twice changes nothing more. */
export async function recordMailEvents(operations: DataSource, events: MailEvent[]): Promise<void> {
  await operations.transaction(async (manager) => {
    for (const event of events) await recordEvent(manager, event);
  });
}
