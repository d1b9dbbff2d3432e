import type { DataSource, EntityManager } from 'typeorm';
import { deleteMailFiles, trimMailFiles } from './mail-file.js';
import type { Refusal } from './refusal.js';
import { suppress } from './suppression.js';

/** A mail that this process, and no other, delivers now. */
export interface ClaimedMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string | null;
  unsubscribeUrl: string | null;
  kind: string;
  organizationId: string | null;
  messageId: string;
  attempts: number;
  createdAt: Date;
}

const KEEP_DAYS = 30;

const FINISH = `UPDATE operations.mail SET status = $2, reason = $3, finished_at = now()`;
// The content is deleted with the end of its use: a link in it may sign someone in.
const FORGET = `, text = '', html = NULL, unsubscribe_url = NULL`;

/**
 * Claims the mail that is due longest for `leaseSeconds`, after which it is due again should this process die. Returns
 * undefined when none is due. The Message-ID, with `host` as its right-hand side, is stored before any server sees it. The
 * database's clock counts, so that machines need not agree on the time.
 */
export async function claimMail(
  operations: DataSource,
  { leaseSeconds, host }: { leaseSeconds: number; host: string },
): Promise<ClaimedMail | undefined> {
  const [[mail]] = await operations.query<[ClaimedMail[], number]>(
    `UPDATE operations.mail
     SET attempts = attempts + 1,
         due_at = now() + make_interval(secs => $1),
         message_id = coalesce(message_id, '<' || id || '@' || $2 || '>')
     WHERE id = (
       SELECT id FROM operations.mail
       WHERE status = 'QUEUED' AND due_at <= now()
       ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
     )
     RETURNING id, recipient, subject, text, html, unsubscribe_url AS "unsubscribeUrl", kind, organization_id AS "organizationId",
       message_id AS "messageId", attempts, created_at AS "createdAt"`,
    [leaseSeconds, host],
  );
  return mail;
}

/** Finishes a mail and deletes its files in one transaction. */
async function forget(
  operations: DataSource,
  mailId: string,
  finish: (manager: EntityManager) => Promise<unknown>,
): Promise<void> {
  await operations.transaction(async (manager) => {
    await finish(manager);
    await deleteMailFiles(manager, { mailId });
  });
}

/** Records that a server accepted the mail: true even if another worker claimed it meanwhile. */
export async function settleSent(operations: DataSource, { id }: ClaimedMail): Promise<void> {
  await forget(operations, id, (manager) =>
    manager.query(`${FINISH}${FORGET} WHERE id = $1 AND status <> 'BOUNCED'`, [id, 'SENT', null]),
  );
}

/** Records that the mail was not sent because its address is suppressed. */
export async function settleSuppressed(operations: DataSource, { id }: ClaimedMail): Promise<void> {
  await forget(operations, id, (manager) =>
    manager.query(`${FINISH}${FORGET} WHERE id = $1 AND status = 'QUEUED'`, [id, 'SUPPRESSED', null]),
  );
}

/** Records that the mailbox does not exist, and suppresses its address. */
export async function settleBounced(operations: DataSource, mail: ClaimedMail, { reason }: Refusal): Promise<void> {
  await forget(operations, mail.id, async (manager) => {
    await manager.query(`${FINISH}${FORGET} WHERE id = $1 AND attempts = $4 AND status = 'QUEUED'`, [
      mail.id,
      'BOUNCED',
      reason,
      mail.attempts,
    ]);
    await suppress(manager, { address: mail.recipient, cause: 'BOUNCE', reason });
  });
}

/** Records that the mail was given up. Its content stays, so that an operator can queue it again. */
export async function settleFailed(operations: DataSource, mail: ClaimedMail, { reason }: Refusal): Promise<void> {
  await operations.query(`${FINISH} WHERE id = $1 AND attempts = $4 AND status = 'QUEUED'`, [
    mail.id,
    'FAILED',
    reason,
    mail.attempts,
  ]);
}

/** Schedules the next attempt in so many seconds, unless another worker claimed the mail meanwhile. */
export async function settleLater(
  operations: DataSource,
  mail: ClaimedMail,
  { reason }: Refusal,
  seconds: number,
): Promise<void> {
  await operations.query(
    `UPDATE operations.mail SET reason = $3, due_at = now() + make_interval(secs => $4)
     WHERE id = $1 AND attempts = $2 AND status = 'QUEUED'`,
    [mail.id, mail.attempts, reason, seconds],
  );
}

/** Deletes mail that was finished 30 days ago, with its idempotency key. Suppressed addresses stay. */
export async function trimMail(operations: DataSource): Promise<void> {
  await operations.query(
    `DELETE FROM operations.mail WHERE status <> 'QUEUED' AND finished_at < now() - make_interval(days => $1)`,
    [KEEP_DAYS],
  );
  await trimMailFiles(operations);
}
