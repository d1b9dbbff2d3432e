import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { mailboxOf } from './address.js';
import { queueMail } from './queue-mail.js';
import type { RenderedMail } from './render-mail.js';

/** A kind of mail that its recipients did not ask for, and how many of it may be caused in 24 hours. */
export interface UnsolicitedKind {
  kind: string;
  /** To one mailbox, from all organizations and users. */
  perMailbox: number;
  perOrganization?: number;
  /** In all organizations. */
  perPerson?: number;
}

/** A mail that one person causes at the address of another. */
export interface UnsolicitedMail {
  recipient: string;
  /** In whose name. */
  organizationId?: string;
  causedBy?: string;
  /** Unguessable, for the link in the mail that ends it: see `decline`. */
  declineToken: string;
  render(declineToken: string): RenderedMail;
}

/** Why a mail was not queued. `seconds` until it may be. */
export type NotQueued = { reason: 'DECLINED' } | { reason: 'MAILBOX' | 'ORGANIZATION' | 'PERSON'; seconds: number };

/** How long a declined kind of mail is not sent to a mailbox. */
const DECLINED_FOR = "interval '180 days'";

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Returns whether the mailbox declined this kind of mail in the last 180 days. */
export async function isDeclined(
  database: DataSource | EntityManager,
  { address, kind }: { address: string; kind: string },
): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    `SELECT FROM operations.mail_decline WHERE mailbox = $1 AND kind = $2 AND declined_at > now() - ${DECLINED_FOR}`,
    [mailboxOf(address), kind],
  );
  return rows.length > 0;
}

type Counted = 'mailbox' | 'organization_id' | 'caused_by';

/** Returns the seconds until fewer than `limit` mails were caused in 24 hours; 0 = now. The database's clock counts. */
async function secondsUntilBelow(
  manager: EntityManager,
  { column, value, kind, limit }: { column: Counted; value: string; kind: string; limit: number },
): Promise<number> {
  const [oldest] = await manager.query<{ seconds: number }[]>(
    `SELECT greatest(1, ceil(extract(epoch FROM created_at + interval '1 day' - now())))::int AS seconds
     FROM operations.mail
     WHERE ${column} = $1 AND kind = $2 AND mailbox IS NOT NULL AND created_at > now() - interval '1 day'
     ORDER BY created_at DESC OFFSET $3 LIMIT 1`,
    [value, kind, limit - 1],
  );
  return oldest?.seconds ?? 0;
}

async function refusalOf(
  manager: EntityManager,
  { kind, perMailbox, perOrganization, perPerson }: UnsolicitedKind,
  { recipient, organizationId, causedBy }: UnsolicitedMail,
): Promise<NotQueued | null> {
  if (await isDeclined(manager, { address: recipient, kind })) return { reason: 'DECLINED' };
  const limits: [NotQueued['reason'] & ('MAILBOX' | 'ORGANIZATION' | 'PERSON'), Counted, string?, number?][] = [
    ['MAILBOX', 'mailbox', mailboxOf(recipient), perMailbox],
    ['ORGANIZATION', 'organization_id', organizationId, perOrganization],
    ['PERSON', 'caused_by', causedBy, perPerson],
  ];
  for (const [reason, column, value, limit] of limits) {
    if (!value || !limit) continue;
    const seconds = await secondsUntilBelow(manager, { column, value, kind, limit });
    if (seconds > 0) return { reason, seconds };
  }
  return null;
}

/** Concurrent mails to one mailbox, or caused by one person, are counted one after the other. */
async function lock(manager: EntityManager, { recipient, causedBy }: UnsolicitedMail): Promise<void> {
  // Always in this order, against deadlocks.
  for (const text of [`mail by ${causedBy ?? ''}`, `mail to ${mailboxOf(recipient)}`]) {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [text]);
  }
}

/**
 * Queues a mail within its limits, in the transaction of its cause; revoked causes count as well. Returns null, or why it
 * was not queued. Throws as `queueMail` does. Call `deliverSoon` after the commit.
 */
export async function queueUnsolicited(
  manager: EntityManager,
  kind: UnsolicitedKind,
  mail: UnsolicitedMail,
): Promise<NotQueued | null> {
  await lock(manager, mail);
  const refusal = await refusalOf(manager, kind, mail);
  if (refusal) return refusal;
  const { recipient, organizationId, causedBy, declineToken, render } = mail;
  const id = await queueMail(manager, { ...render(declineToken), recipient, kind: kind.kind, organizationId });
  await manager.query('UPDATE operations.mail SET mailbox = $2, caused_by = $3, decline_hash = $4 WHERE id = $1', [
    id,
    mailboxOf(recipient),
    causedBy ?? null,
    hashOf(declineToken),
  ]);
  return null;
}

/**
 * Suppresses a kind of mail to the mailbox that one was sent to, for 180 days. Idempotent. Returns the mail's kind and
 * recipient; null for an unknown token, or one whose mail was deleted after 30 days.
 */
export async function decline(
  manager: EntityManager,
  { token }: { token: string },
): Promise<{ kind: string; recipient: string } | null> {
  const [mail] = await manager.query<{ kind: string; recipient: string; mailbox: string }[]>(
    'SELECT kind, recipient, mailbox FROM operations.mail WHERE decline_hash = $1',
    [hashOf(token)],
  );
  if (!mail) return null;
  const { kind, recipient, mailbox } = mail;
  await manager.query(
    `INSERT INTO operations.mail_decline (mailbox, kind, declined_at) VALUES ($1, $2, now())
     ON CONFLICT (mailbox, kind) DO UPDATE SET declined_at = excluded.declined_at`,
    [mailbox, kind],
  );
  return { kind, recipient };
}
