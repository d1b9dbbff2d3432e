import { anyone, atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

/** Of members limited to some clients, only what covers nothing else. */
const reports = signedIn.withScope('read:reports').withinClients();
const analysts = atLeast('ANALYST', 'write:reports');
const admins = atLeast('ADMIN');
/** What billing counts. */
const billing = signedIn.withScope('read:billing');

export const permissions: Permissions = {
  Query: {
    report: reports,
    reportTemplates: reports,
    sharedReport: service,
    reportSchedule: reports,
    previewReport: analysts,
    brandingLogo: reports,
  },
  Mutation: {
    generateReport: analysts,
    cancelReport: analysts.alsoReadOnly(),
    retryReport: analysts,
    deleteReport: analysts.alsoReadOnly(),
    createReportTemplate: analysts,
    updateReportTemplate: analysts,
    deleteReportTemplate: analysts.alsoReadOnly(),
    createReportShare: analysts,
    revokeReportShare: analysts.alsoReadOnly(),
    setReportSummary: admins,
    setBranding: admins,
    removeBranding: admins.alsoReadOnly(),
    removeLogo: admins.alsoReadOnly(),
    uploadLogo: admins,
    viewSharedReport: service,
    unlockSharedReport: service,
    createReportSchedule: analysts,
    updateReportSchedule: analysts,
    pauseReportSchedule: analysts.alsoReadOnly(),
    resumeReportSchedule: analysts,
    deleteReportSchedule: analysts.alsoReadOnly(),
    runReportScheduleNow: analysts,
    skipNextReportRun: analysts.alsoReadOnly(),
    approveReportDelivery: analysts,
    rejectReportDelivery: analysts.alsoReadOnly(),
    addReportRecipient: analysts,
    removeReportRecipient: analysts.alsoReadOnly(),
    confirmReportRecipient: anyone.alsoReadOnly(),
    declineReports: anyone.alsoReadOnly(),
  },
  entities: {
    ReportTemplate: reports,
    Report: reports,
    ReportShare: reports,
    UsageDay: billing,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Organization: {
      monthlyReportCount: billing,
      scheduleCount: billing,
      reports,
      reportTemplates: reports,
      reportShares: reports,
      reportSummary: reports,
      reportSchedules: reports,
      branding: reports,
      clientBrandings: reports,
    },
  },
};
