import type { DataSource } from 'typeorm';
import type { ClaimedMail } from './claim-mail.js';
import type { Refusal } from './refusal.js';
import { suppress } from './suppression.js';

/** How a mail ended. */
export type Outcome = 'SENT' | 'BOUNCED' | 'SUPPRESSED' | 'FAILED';

const FINISH = `UPDATE operations.mail SET status = $2, reason = $3, finished_at = now()`;
// What a mail said is not kept once it is of no further use: a link in it may sign somebody in.
const FORGET = `, text = '', html = NULL`;

/** Records that a server took the mail: it did, even if another worker claimed the mail meanwhile. */
export async function settleSent(operations: DataSource, { id }: ClaimedMail): Promise<void> {
  await operations.query(`${FINISH}${FORGET} WHERE id = $1 AND status <> 'BOUNCED'`, [id, 'SENT', null]);
}

/** Records that nothing was sent because the address is on the suppression list. */
export async function settleSuppressed(operations: DataSource, { id }: ClaimedMail): Promise<void> {
  await operations.query(`${FINISH}${FORGET} WHERE id = $1 AND status = 'QUEUED'`, [id, 'SUPPRESSED', null]);
}

/** Records that there is no such mailbox, and sends nothing there any more. */
export async function settleBounced(operations: DataSource, mail: ClaimedMail, { reason }: Refusal): Promise<void> {
  await operations.transaction(async (manager) => {
    await manager.query(`${FINISH}${FORGET} WHERE id = $1 AND attempts = $4 AND status = 'QUEUED'`, [
      mail.id,
      'BOUNCED',
      reason,
      mail.attempts,
    ]);
    await suppress(manager, { address: mail.recipient, cause: 'BOUNCE', reason });
  });
}

/** Records that the mail is not tried any more. It stays as it is, so that it can be queued again. */
export async function settleFailed(operations: DataSource, mail: ClaimedMail, { reason }: Refusal): Promise<void> {
  await operations.query(`${FINISH} WHERE id = $1 AND attempts = $4 AND status = 'QUEUED'`, [
    mail.id,
    'FAILED',
    reason,
    mail.attempts,
  ]);
}

/** Records that the mail is tried again after so many seconds, unless another worker claimed it meanwhile. */
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
