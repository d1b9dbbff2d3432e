import type { Context } from '#reporting/context.js';
import type { ReportSchedule as StoredSchedule } from '#reporting/entities/report-schedule.js';
import type { ShownPause } from '#reporting/plan/schedules-in-use.js';
import type {
  MutationResolvers,
  OrganizationResolvers,
  QueryResolvers,
  ReportDeliveryResolvers,
  ReportFormat,
  ReportScheduleResolvers,
} from '#reporting/resolver-types.js';
import {
  addReportRecipient,
  deleteSchedule,
  pauseSchedule,
  removeReportRecipient,
  resumeSchedule,
  runScheduleNow,
  skipNextRun,
  updateSchedule,
} from '#reporting/schedules/change-schedule.js';
import { createSchedule } from '#reporting/schedules/create-schedule.js';
import { approveDelivery, rejectDelivery } from '#reporting/schedules/decide-delivery.js';
import { confirmRecipient, declineReports } from '#reporting/schedules/decide-recipient.js';
import {
  getSchedule,
  listDeliveries,
  listDeliveryRecipients,
  listSchedules,
} from '#reporting/schedules/list-schedules.js';
import { listRecipients } from '#reporting/schedules/recipients.js';
import { nextRuns } from '#reporting/schedules/recurrence.js';

const SHOWN_RUNS = 3;

export const scheduleQueries: QueryResolvers = {
  reportSchedule: (_root, { id: scheduleId }, context) => getSchedule(context, { scheduleId }),
};

export const scheduleMutations: MutationResolvers = {
  createReportSchedule: async (_root, given, context) => ({ schedule: await createSchedule(context, given) }),
  updateReportSchedule: async (_root, given, context) => ({ schedule: await updateSchedule(context, given) }),
  pauseReportSchedule: async (_root, given, context) => ({ schedule: await pauseSchedule(context, given) }),
  resumeReportSchedule: async (_root, given, context) => ({ schedule: await resumeSchedule(context, given) }),
  deleteReportSchedule: async (_root, given, context) => ({ scheduleId: await deleteSchedule(context, given) }),
  runReportScheduleNow: async (_root, given, context) => ({ delivery: await runScheduleNow(context, given) }),
  skipNextReportRun: async (_root, given, context) => ({ schedule: await skipNextRun(context, given) }),
  approveReportDelivery: async (_root, given, context) => ({ delivery: await approveDelivery(context, given) }),
  rejectReportDelivery: async (_root, given, context) => ({ delivery: await rejectDelivery(context, given) }),
  addReportRecipient: async (_root, given, context) => ({ recipient: await addReportRecipient(context, given) }),
  removeReportRecipient: async (_root, given, context) => ({ schedule: await removeReportRecipient(context, given) }),
  confirmReportRecipient: (_root, given, context) => confirmRecipient(context, given),
  declineReports: (_root, given, context) => declineReports(context, given),
};

export const scheduleLists: OrganizationResolvers = {
  reportSchedules: ({ id: organizationId }, page, context) => listSchedules(context, { organizationId, ...page }),
};

async function pauseOf({ id, pauseReason }: StoredSchedule, { planPauses }: Context): Promise<ShownPause | null> {
  if (pauseReason) return pauseReason;
  return ((await planPauses()).of(id)?.code as ShownPause | undefined) ?? null;
}

export const ReportSchedule: ReportScheduleResolvers = {
  template: ({ templateId }, _args, { reportTemplateById }) => reportTemplateById.load(templateId),
  recurrence: ({ recurrence }) => ({ at: null, weekday: null, day: null, month: null, cron: null, ...recurrence }),
  nextRuns: async (schedule, _args, context) => {
    const { nextRunAt, recurrence, timeZone } = schedule;
    if (!nextRunAt || (await pauseOf(schedule, context))) return [];
    return [nextRunAt, ...nextRuns(recurrence, timeZone, nextRunAt, SHOWN_RUNS - 1)];
  },
  pause: (schedule, _args, context) => pauseOf(schedule, context),
  formats: ({ formats }) => formats.map((format) => format.toUpperCase() as ReportFormat),
  clients: ({ clientIds }) => clientIds.map((id) => ({ id })),
  recipients: ({ id: scheduleId }, _args, { database, identity }) =>
    identity.clientIds ? null : listRecipients(database.manager, { scheduleId }),
  owner: ({ ownerId }, _args, { identity: { clientIds } }) => (ownerId && !clientIds ? { id: ownerId } : null),
  deliveries: ({ id: scheduleId }, page, context) => listDeliveries(context, { scheduleId, ...page }),
};

export const ReportDelivery: ReportDeliveryResolvers = {
  report: ({ reportId }, _args, { reportById }) => (reportId ? reportById.load(reportId) : null),
  decidedBy: ({ decidedBy }, _args, { identity: { clientIds } }) =>
    decidedBy && !clientIds ? { id: decidedBy } : null,
  recipients: ({ id: deliveryId }, _args, context) =>
    context.identity.clientIds ? null : listDeliveryRecipients(context, { deliveryId }),
};
