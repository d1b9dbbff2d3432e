import { randomUUID } from 'node:crypto';
import { type DataSource, type EntityManager, IsNull, LessThanOrEqual } from 'typeorm';
import { type Notice, NoticeEntity } from '#billing/entities/notice.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { Services } from '#runtime/services.js';
import { readBillingState } from './billing-state.js';
import { type BillingState, type DueNotice, dueNotices } from './due-notices.js';
import { localMorning } from './local-morning.js';
import { noticeMail } from './mails.js';
import { mailKey, nameOfNotice } from './plan-notices.js';

const MANAGERS = /* GraphQL */ `
  query BillingManagers {
    organization { name timeZone billingManagers { id name email } }
  }
`;

interface Managed {
  name: string;
  timeZone: string;
  billingManagers: { id: string; name: string; email: string }[];
}

/** The job that sends notices: enqueue it after planning some. */
export const SEND_NOTICES = 'billing.send-notices';

const MAX_ORGANIZATIONS = 1_000;

interface Dependencies {
  services: Services;
  database: DataSource;
}

async function readManagers({ services }: Dependencies, organizationId: string): Promise<Managed | null> {
  const caller = { part: 'billing', organizationId, requestId: randomUUID() };
  const operation = { query: MANAGERS, variables: {} };
  return (await services.graph.query<{ organization: Managed | null }>(operation, caller)).organization;
}

/** When a notice that is true is due in the organization's time zone; null = another one says it by now. */
function dueAt(notice: Notice, { ahead }: DueNotice, { timeZone, now }: { timeZone: string; now: Date }): Date | null {
  if (!ahead) return notice.dueAt;
  // On the day itself, the mail of that day says it.
  const isOver = notice.kind === 'TRIAL_ENDING' && localMorning({ ...ahead, days: 0 }, timeZone) <= now;
  return isOver ? null : localMorning(ahead, timeZone);
}

interface Sending {
  organizationId: string;
  organization: Managed;
  state: BillingState;
  now: Date;
}

async function send(manager: EntityManager, notice: Notice, { organizationId, organization, state, now }: Sending) {
  const { name: organizationName, timeZone, billingManagers } = organization;
  const found = dueNotices(state, now).find((other) => nameOfNotice(other) === nameOfNotice(notice));
  const at = found ? dueAt(notice, found, { timeZone, now }) : null;
  if (at && at > now) {
    await manager.update(NoticeEntity, { id: notice.id, organizationId }, { dueAt: at });
    return;
  }
  if (found && at) {
    const content = { notice: found, state, now, organizationName, timeZone };
    const kind = `billing-${notice.kind.toLowerCase().replaceAll('_', '-')}`;
    for (const { id, name, email } of billingManagers) {
      const mail = noticeMail(content, name);
      await queueMail(manager, { ...mail, recipient: email, kind, organizationId, key: `${mailKey(notice)}${id}` });
    }
  }
  const outcome = at ? 'QUEUED' : 'OBSOLETE';
  await manager.update(NoticeEntity, { id: notice.id, organizationId }, { outcome, settledAt: now });
}

async function sendForOrganization(dependencies: Dependencies, organizationId: string): Promise<void> {
  const { services, database } = dependencies;
  const organization = await readManagers(dependencies, organizationId);
  await database.transaction(async (manager) => {
    const now = services.now();
    const notices = await manager.find(NoticeEntity, {
      where: { organizationId, outcome: IsNull(), dueAt: LessThanOrEqual(now) },
      order: { createdAt: 'ASC', id: 'ASC' },
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
    if (notices.length === 0) return;
    // A change that is being made waits for these mails, or is seen by them.
    await manager.query('SELECT FROM billing.subscription WHERE organization_id = $1 FOR UPDATE', [organizationId]);
    const state = organization && (await readBillingState(manager, { organizationId }));
    for (const notice of notices) {
      if (organization && state) await send(manager, notice, { organizationId, organization, state, now });
      else await manager.update(NoticeEntity, { id: notice.id }, { outcome: 'OBSOLETE', settledAt: now });
    }
  });
}

/**
 * Queues the mails of notices that are due and still true, to those who manage billing, and settles the others: each once, however many
 * processes do so, and whenever one dies. What could not be read is tried again; throws AggregateError then.
 */
export async function sendNotices(dependencies: Dependencies): Promise<void> {
  const { services, database } = dependencies;
  const rows = await database.query<{ organizationId: string }[]>(
    `SELECT organization_id AS "organizationId" FROM billing.notice
     WHERE outcome IS NULL AND due_at <= $1 GROUP BY organization_id ORDER BY min(due_at) LIMIT ${MAX_ORGANIZATIONS}`,
    [services.now()],
  );
  const failures: unknown[] = [];
  for (const { organizationId } of rows) {
    await sendForOrganization(dependencies, organizationId).catch((error) => failures.push(error));
  }
  if (rows.length > 0) await deliverSoon(services);
  if (failures.length > 0) throw new AggregateError(failures, 'Some mails about billing could not be written');
}
