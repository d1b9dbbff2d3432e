import type { DataSource } from 'typeorm';

/** A mail that this process, and no other, delivers now. */
export interface ClaimedMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string | null;
  kind: string;
  organizationId: string | null;
  /** The same on every attempt. */
  messageId: string;
  /** This one included. */
  attempts: number;
  createdAt: Date;
}

/**
 * Claims the mail that has been due longest, for `leaseSeconds`: if this process dies, it is due again after them.
 * Returns undefined when none is due. The Message-ID is stored with the first claim, before any server can see it, with
 * `host` as its right-hand side. The database's clock counts, so that machines need not agree on the time.
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
     RETURNING id, recipient, subject, text, html, kind, organization_id AS "organizationId",
       message_id AS "messageId", attempts, created_at AS "createdAt"`,
    [leaseSeconds, host],
  );
  return mail;
}
