import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type ReportRecipient, ReportRecipientEntity } from '#reporting/entities/report-recipient.js';
import type { ReportSchedule } from '#reporting/entities/report-schedule.js';
import { hashToken } from '#reporting/hash-token.js';
import { Conflict, RateLimited } from '#runtime/errors.js';
import { issueToken } from '#runtime/identity/issued-token.js';
import { comparableAddress } from '#runtime/mail/address.js';
import { type NotQueued, queueUnsolicited, type UnsolicitedKind } from '#runtime/mail/unsolicited-mail.js';
import { mailLink } from './mail-link.js';
import { confirmationMail } from './mails.js';
import { memberWithAddress, type OrganizationNow } from './organization.js';
import { MAX_RECIPIENTS } from './schedule-input.js';

/** The mail that asks an address whether it wants reports. */
const CONFIRMATION: UnsolicitedKind = {
  kind: 'report-recipient',
  perMailbox: 5,
  perOrganization: 200,
  perPerson: 200,
};

/** How long an address that declined is not asked again. */
const DECLINED_FOR_MS = 180 * 86_400_000;

/** A schedule whose recipients change, in a transaction that has locked it. */
export interface RecipientsChange {
  schedule: ReportSchedule;
  organization: OrganizationNow;
}

function requireQueued(notQueued: NotQueued | null, email: string): void {
  if (!notQueued) return;
  if (notQueued.reason === 'DECLINED') throw new Conflict(`The address ${email} has declined mail like this.`);
  throw new RateLimited(`The address ${email} cannot be asked now: too much such mail was sent.`, notQueued.seconds);
}

/** Mails the link by which an address confirms. Throws Conflict when it declined such mail, RateLimited. */
async function askToConfirm(
  { services, identity }: ServiceContext,
  manager: EntityManager,
  { schedule, organization }: RecipientsChange,
  { id, organizationId, email }: ReportRecipient,
): Promise<Partial<ReportRecipient>> {
  const token = issueToken(services.secrets.keysOf('reporting')[0], 'wmr_');
  const url = mailLink(services, { page: 'confirm-reports', token });
  const declineUrl = mailLink(services, { page: 'stop-reports', token });
  const { name, language } = schedule;
  const notQueued = await queueUnsolicited(manager, CONFIRMATION, {
    recipient: email,
    organizationId,
    causedBy: identity.userId,
    declineToken: token,
    render: () => confirmationMail({ organization: organization.name, title: name, language, url, declineUrl }),
  });
  requireQueued(notQueued, email);
  const asked = { state: 'PENDING', memberId: null, tokenHash: hashToken(token), askedAt: services.now() } as const;
  const changes: Partial<ReportRecipient> = { ...asked, decidedAt: null };
  await manager.update(ReportRecipientEntity, { id }, changes);
  return changes;
}

async function upsertRecipient(
  { services }: ServiceContext,
  manager: EntityManager,
  { organizationId, email }: { organizationId: string; email: string },
): Promise<ReportRecipient> {
  const comparableEmail = comparableAddress(email);
  // Locks it, so that concurrent requests ask once.
  await manager.query(
    `INSERT INTO reporting.report_recipient (organization_id, email, comparable_email, state, created_at)
     VALUES ($1, $2, $3, 'PENDING', $4)
     ON CONFLICT (organization_id, comparable_email) DO UPDATE SET comparable_email = excluded.comparable_email`,
    [organizationId, email, comparableEmail, services.now()],
  );
  return manager.findOneByOrFail(ReportRecipientEntity, { organizationId, comparableEmail });
}

/** Adds an address to a schedule, and asks it to confirm unless it has, or is the verified one of a member. */
async function addRecipient(
  context: ServiceContext,
  manager: EntityManager,
  { email, ...change }: RecipientsChange & { email: string },
): Promise<ReportRecipient> {
  const { schedule, organization } = change;
  const now = context.services.now();
  const recipient = await upsertRecipient(context, manager, { organizationId: schedule.organizationId, email });
  const { id, state, memberId, decidedAt } = recipient;
  if (state === 'DECLINED' && decidedAt && now.getTime() - decidedAt.getTime() < DECLINED_FOR_MS) {
    throw new Conflict(`The address ${email} has declined reports of your organization.`);
  }
  await manager.query(
    `INSERT INTO reporting.report_schedule_recipient (schedule_id, recipient_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [schedule.id, id],
  );
  const member = memberWithAddress(organization, email);
  if (member?.isVerified) {
    const changes = { state: 'CONFIRMED', memberId: member.id, decidedAt: decidedAt ?? now } as const;
    await manager.update(ReportRecipientEntity, { id }, changes);
    return { ...recipient, ...changes };
  }
  // Confirmed by a link, not by a membership that is over.
  if (state === 'CONFIRMED' && !memberId) return recipient;
  return { ...recipient, ...(await askToConfirm(context, manager, change, recipient)) };
}

/** Adds addresses to a schedule. Throws Conflict above 50 recipients, and as asking them does. */
export async function addRecipients(
  context: ServiceContext,
  manager: EntityManager,
  { emails, ...change }: RecipientsChange & { emails: string[] },
): Promise<ReportRecipient[]> {
  // In one order, against deadlocks.
  const distinct = new Map(emails.map((email) => [comparableAddress(email), email]));
  const sorted = [...distinct].sort(([one], [other]) => (one < other ? -1 : 1));
  const added: ReportRecipient[] = [];
  for (const [, email] of sorted) added.push(await addRecipient(context, manager, { ...change, email }));
  if ((await listRecipients(manager, { scheduleId: change.schedule.id })).length > MAX_RECIPIENTS) {
    throw new Conflict(`A schedule has at most ${MAX_RECIPIENTS} recipients.`);
  }
  return added;
}

/** Returns the recipients of a schedule by address. */
export async function listRecipients(
  manager: EntityManager,
  { scheduleId }: { scheduleId: string },
): Promise<ReportRecipient[]> {
  return manager
    .createQueryBuilder(ReportRecipientEntity, 'recipient')
    .where(
      'recipient.id IN (SELECT recipient_id FROM reporting.report_schedule_recipient WHERE schedule_id = :scheduleId)',
      { scheduleId },
    )
    .orderBy('recipient.comparableEmail')
    .getMany();
}
