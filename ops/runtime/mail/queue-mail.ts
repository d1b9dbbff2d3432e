import type { EntityManager } from 'typeorm';
import { isStorable } from '#runtime/database/storable-text.js';
import { InvalidInput, type Problem } from '#runtime/errors.js';
import { isMailAddress } from './address.js';
import { attachFiles } from './mail-file.js';

export interface Mail {
  /** One bare address, of any script. */
  recipient: string;
  subject: string;
  text: string;
  html?: string;
  /** What the mail is about, such as `verify-email`: for operators. */
  kind: string;
  organizationId?: string;
  /** An idempotency key, unique over all kinds of mail. */
  key?: string;
  /** Ends mails like this by one POST, as mail programs send it (RFC 8058). */
  unsubscribeUrl?: string;
  /** Files of this transaction: see `storeMailFile`. */
  fileIds?: string[];
}

const CONTROL_CHARACTER = /[\p{Cc}\u2028\u2029]/u;
const MAX_SUBJECT_LENGTH = 500;

function problemsOf({ recipient, subject, text, html = '' }: Mail): Problem[] {
  const problems: Problem[] = [];
  if (!isMailAddress(recipient)) problems.push({ argument: 'recipient', problem: 'must be one mail address' });
  if (!subject || subject.length > MAX_SUBJECT_LENGTH || CONTROL_CHARACTER.test(subject)) {
    problems.push({ argument: 'subject', problem: `must be one line of at most ${MAX_SUBJECT_LENGTH} characters` });
  }
  if (!isStorable(text) || !isStorable(html)) {
    problems.push({ argument: 'text', problem: 'must not contain a zero character' });
  }
  return problems;
}

/**
 * Adds a mail to the outbox in the transaction of its cause: it is sent if and only if that commits. Returns its id, or that
 * of the earlier mail with the same key. Call `deliverSoon` after the commit. Throws InvalidInput for an address or a subject
 * that could forge a header.
 */
export async function queueMail(manager: EntityManager, mail: Mail): Promise<string> {
  const problems = problemsOf(mail);
  if (problems.length > 0) throw new InvalidInput(problems);
  const { recipient, subject, text, html, kind, organizationId, key, unsubscribeUrl, fileIds = [] } = mail;
  // The update changes nothing, but makes RETURNING return a row that was there before.
  const [row] = await manager.query<{ id: string }[]>(
    `INSERT INTO operations.mail (recipient, subject, text, html, kind, organization_id, key, unsubscribe_url)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (key) DO UPDATE SET key = excluded.key
     RETURNING id`,
    [recipient, subject, text, html ?? null, kind, organizationId ?? null, key ?? null, unsubscribeUrl ?? null],
  );
  if (!row) throw new Error('PostgreSQL returned no id for a mail.');
  if (fileIds.length > 0) await attachFiles(manager, { mailId: row.id, fileIds });
  return row.id;
}
