import type { EntityManager } from 'typeorm';
import { presentationOf } from '#reporting/branding/presentation.js';
import type { ServiceContext } from '#reporting/context.js';
import { openDataset, type StoredDataset } from '#reporting/dataset/open-dataset.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import {
  type ReportDelivery,
  ReportDeliveryEntity,
  type ReportDeliveryRecipient,
  ReportDeliveryRecipientEntity,
} from '#reporting/entities/report-delivery.js';
import type { ReportRecipient } from '#reporting/entities/report-recipient.js';
import { type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { hashToken } from '#reporting/hash-token.js';
import { isMissingForGood } from '#reporting/making/report-failure.js';
import type { Presentation } from '#reporting/rendering/renderer.js';
import { issueShare } from '#reporting/shares/create-report-share.js';
import { issueToken } from '#runtime/identity/issued-token.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { type MailFile, storeMailFile } from '#runtime/mail/mail-file.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { RenderedMail } from '#runtime/mail/render-mail.js';
import { notifyCaretakers } from './caretakers.js';
import { renderFiles } from './files.js';
import { mailLink } from './mail-link.js';
import { failedMail, heldMail, incompleteSources, reportMail, reviewMail } from './mails.js';
import { maySee, memberWithAddress, type OrganizationNow, readOrganization } from './organization.js';
import { listRecipients } from './recipients.js';

const LINK_DAYS = 30;
const DAY_MS = 86_400_000;

/** The retries of a delivery before it is given up. */
export const MAX_RETRIES = 5;

/** A delivery whose report is finished. */
interface Finished {
  delivery: ReportDelivery;
  schedule: ReportSchedule;
  organization: OrganizationNow;
  report: Report;
}

/** One whose report has data. */
interface Ready extends Finished {
  dataset: StoredDataset;
  presentation: Presentation;
}

const isOpen = ({ state }: ReportDelivery) => state === 'MAKING' || state === 'SENDING';

/** Runs `effect` in a transaction that has locked the delivery, unless another worker has settled it. */
async function settle(
  { database, services }: ServiceContext,
  { delivery: { id } }: Pick<Finished, 'delivery'>,
  effect: (manager: EntityManager) => Promise<Partial<ReportDelivery>>,
): Promise<void> {
  await database.transaction(async (manager) => {
    const lock = { mode: 'pessimistic_write' as const };
    const delivery = await manager.findOne(ReportDeliveryEntity, { where: { id }, lock });
    if (!delivery || !isOpen(delivery)) return;
    await manager.update(ReportDeliveryEntity, { id }, await effect(manager));
  });
  await deliverSoon(services);
}

/** Ends a delivery in a state of which the caretakers of its schedule are notified. */
async function settleAndNotify(
  context: ServiceContext,
  finished: Omit<Finished, 'report'>,
  changes: Partial<ReportDelivery>,
  mail: (about: { name: string; organizationName: string; recipientName: string }) => RenderedMail,
): Promise<void> {
  const { delivery, schedule, organization } = finished;
  const about = { name: schedule.name, organizationName: organization.name };
  await settle(context, finished, async (manager) => {
    const key = `${changes.state} ${delivery.id}`;
    const notice = { schedule, organization, key };
    await notifyCaretakers(manager, { ...notice, mail: (recipientName) => mail({ ...about, recipientName }) });
    return changes;
  });
}

const settleFailed = (context: ServiceContext, finished: Omit<Finished, 'report'>, reason: string): Promise<void> =>
  settleAndNotify(context, finished, { state: 'FAILED', reason }, (about) => failedMail({ ...about, reason }));

/** Why a recipient gets nothing; null = they get the report. */
function refusalOf(
  { email, state, memberId }: ReportRecipient,
  { organization, report }: Finished,
): Pick<ReportDeliveryRecipient, 'state' | 'reason'> | null {
  if (state === 'DECLINED') return { state: 'UNCONFIRMED', reason: 'The address declined reports.' };
  if (state === 'PENDING') return { state: 'UNCONFIRMED', reason: 'The address has not confirmed.' };
  const member = memberWithAddress(organization, email);
  if (memberId && member?.id !== memberId) {
    return { state: 'NOT_ALLOWED', reason: 'The member has left, or has another address.' };
  }
  if (!member || maySee(member, report.clientIds)) return null;
  return { state: 'NOT_ALLOWED', reason: 'The member is limited to clients, and the report shows more.' };
}

async function queueReport(
  context: ServiceContext,
  manager: EntityManager,
  finished: Ready,
  { recipients, files }: { recipients: ReportRecipient[]; files: MailFile[] | null },
): Promise<void> {
  const { services } = context;
  const { delivery, schedule, report } = finished;
  const {
    dataset: { manifest },
    presentation: { branding },
  } = finished;
  const { organizationId } = report;
  const fileIds: string[] = [];
  for (const file of files ?? []) fileIds.push(await storeMailFile(manager, { ...file, organizationId }));
  const expiresAt = new Date(services.now().getTime() + LINK_DAYS * DAY_MS);
  const order = { report, formats: schedule.formats, expiresAt, passwordHash: null, createdBy: null };
  const link = files ? null : { url: (await issueShare(context, { manager, order })).url, expiresAt };
  const isTooLarge = files === null && schedule.deliveryMethod === 'ATTACHMENT';
  const rows: ReportDeliveryRecipient[] = [];
  for (const recipient of recipients) {
    const { id: recipientId, email } = recipient;
    const row = { deliveryId: delivery.id, email, recipientId, attempts: 0, finishedAt: null };
    const refusal = refusalOf(recipient, finished);
    if (refusal) {
      rows.push({ ...row, ...refusal, mailId: null, declineHash: null });
      continue;
    }
    const token = issueToken(services.secrets.keysOf('reporting')[0], 'wmr_');
    const declineUrl = mailLink(services, { page: 'stop-reports', token });
    const mailId = await queueMail(manager, {
      ...reportMail({ manifest, branding, link, isTooLarge }, { declineUrl }),
      ...{ recipient: email, kind: 'report', organizationId, unsubscribeUrl: declineUrl, fileIds },
      key: `report ${delivery.id} ${recipientId}`,
    });
    rows.push({ ...row, mailId, state: 'QUEUED', reason: null, declineHash: hashToken(token) });
  }
  await manager.insert(ReportDeliveryRecipientEntity, rows);
}

/** Queues the mails of a delivery, and settles it, in one transaction. */
async function send(context: ServiceContext, finished: Ready, signal: AbortSignal): Promise<void> {
  const { schedule, dataset, presentation } = finished;
  const recipients = await listRecipients(context.database.manager, { scheduleId: schedule.id });
  if (!recipients.some((recipient) => !refusalOf(recipient, finished))) {
    const reason = 'None of its recipients may get it: they have not confirmed, have declined, or may not see it.';
    return settleFailed(context, finished, reason);
  }
  const isAttached = schedule.deliveryMethod === 'ATTACHMENT';
  const files = isAttached
    ? await renderFiles(context, { dataset, formats: schedule.formats, presentation, signal })
    : null;
  await settle(context, finished, async (manager) => {
    await queueReport(context, manager, finished, { recipients, files });
    const isLinkedForSize = isAttached && files === null;
    return { state: 'SENT', reason: null, sentAt: context.services.now(), isLinkedForSize };
  });
}

async function deliver(context: ServiceContext, finished: Finished, signal: AbortSignal): Promise<void> {
  const { delivery, schedule, report } = finished;
  const { status, failureMessage, title, organizationId, clientIds } = report;
  if (status === 'CANCELLED') return settleFailed(context, finished, 'The report was cancelled.');
  if (status === 'FAILED') return settleFailed(context, finished, failureMessage ?? 'The report could not be made.');
  if (status === 'EXPIRED') return settleFailed(context, finished, 'The report is kept no longer.');
  if (status !== 'READY') return;
  const dataset = await openDataset(context, { reportId: report.id });
  if (!dataset) throw new Error(`Report ${report.id} is READY without data.`);
  const { manifest } = dataset;
  if (delivery.state === 'MAKING') {
    // Each report would be held back for what is missing for good.
    const incomplete = incompleteSources(manifest).flatMap(({ account, code }) =>
      isMissingForGood(code) ? [] : account,
    );
    if (incomplete.length > 0 && schedule.onIncomplete === 'HOLD') {
      const reason = `The report is not complete: ${incomplete.join(', ')}.`;
      return settleAndNotify(context, finished, { state: 'HELD', reason }, (about) => heldMail({ ...about, manifest }));
    }
    if (schedule.isReviewed) {
      return settleAndNotify(context, finished, { state: 'WAITING_REVIEW' }, (about) =>
        reviewMail({ ...about, title }),
      );
    }
  }
  const presentation = await presentationOf(context, { organizationId, clientIds, manifest });
  await send(context, { ...finished, dataset, presentation }, signal);
}

/**
 * Delivers the report of a run once it is finished: queues its mails, holds it back, or has it reviewed. Safe to run concurrently, and
 * again after a crash: each recipient gets one mail. Throws an error that is worth a retry, and gives up at the last attempt.
 */
export async function deliverReport(
  context: ServiceContext,
  { deliveryId: id, attempt, signal }: { deliveryId: string; attempt: number; signal: AbortSignal },
): Promise<void> {
  const { manager } = context.database;
  const delivery = await manager.findOneBy(ReportDeliveryEntity, { id });
  if (!delivery || !isOpen(delivery)) return;
  const { organizationId, scheduleId, reportId } = delivery;
  const schedule = await manager.findOneBy(ReportScheduleEntity, { id: scheduleId, organizationId });
  if (!schedule) return;
  const organization = await readOrganization(context, organizationId);
  const report = reportId ? await manager.findOneBy(ReportEntity, { id: reportId, organizationId }) : null;
  const about = { delivery, schedule, organization };
  if (!report) return settleFailed(context, about, 'The report was deleted.');
  try {
    await deliver(context, { ...about, report }, signal);
  } catch (error) {
    if (signal.aborted || attempt <= MAX_RETRIES) throw error;
    context.services.logger.error({ err: error, deliveryId: id }, 'A report could not be delivered');
    await settleFailed(context, about, 'Its files could not be made. Have it made again (runReportScheduleNow).');
  }
}
