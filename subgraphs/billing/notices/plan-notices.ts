import { type EntityManager, In, MoreThan } from 'typeorm';
import { NoticeEntity } from '#billing/entities/notice.js';
import { withdrawMail } from '#runtime/mail/withdraw-mail.js';
import { readBillingState } from './billing-state.js';
import { dueNotices } from './due-notices.js';

/** Longer than mail is tried to be delivered. */
const DELIVERED_WITHIN_MS = 3 * 24 * 60 * 60 * 1000;

/** What names a notice within its organization. */
export const nameOfNotice = ({ kind, subject }: { kind: string; subject: string }): string => `${kind} ${subject}`;

/** Every mail of a notice has a key that begins so. */
export const mailKey = ({ id }: { id: string }): string => `billing-notice ${id} `;

const PLAN = `
  INSERT INTO billing.notice (organization_id, kind, subject, due_at, created_at)
  SELECT $1, kind, subject, $4, $4 FROM unnest($2::text[], $3::text[]) AS planned (kind, subject)
  ON CONFLICT (organization_id, kind, subject) DO NOTHING
  RETURNING id`;

/**
 * Plans the mails that are true now of an organization, in the transaction of what makes them so: each once. Withdraws those that are not
 * delivered yet and no longer true. Returns whether any was planned: then enqueue SEND_NOTICES after the commit.
 */
export async function planNotices(
  manager: EntityManager,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<boolean> {
  const state = await readBillingState(manager, { organizationId });
  const due = state ? dueNotices(state, now) : [];
  const names = new Set(due.map(nameOfNotice));
  const settledAt = MoreThan(new Date(now.getTime() - DELIVERED_WITHIN_MS));
  const queued = await manager.findBy(NoticeEntity, { organizationId, outcome: In(['QUEUED']), settledAt });
  const untrue = queued.filter((notice) => !names.has(nameOfNotice(notice)));
  for (const notice of untrue) {
    await withdrawMail(manager, { organizationId, keyPrefix: mailKey(notice), reason: 'It is no longer true.' });
  }
  if (due.length === 0) return false;
  const columns = [due.map(({ kind }) => kind), due.map(({ subject }) => subject)];
  const planned = await manager.query<unknown[]>(PLAN, [organizationId, ...columns, now]);
  return planned.length > 0;
}
