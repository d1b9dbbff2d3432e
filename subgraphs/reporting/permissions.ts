import { anyone, atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

/** Of members limited to some clients, only what covers nothing else. */
const reports = signedIn.withScope('read:reports').withinClients();
const analysts = atLeast('ANALYST', 'write:reports');
const admins = atLeast('ADMIN');

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
    cancelReport: analysts,
    retryReport: analysts,
    deleteReport: analysts,
    createReportTemplate: analysts,
    updateReportTemplate: analysts,
    deleteReportTemplate: analysts,
    createReportShare: analysts,
    revokeReportShare: analysts,
    setReportSummary: admins,
    setBranding: admins,
    removeBranding: admins,
    removeLogo: admins,
    uploadLogo: admins,
    viewSharedReport: service,
    unlockSharedReport: service,
    createReportSchedule: analysts,
    updateReportSchedule: analysts,
    pauseReportSchedule: analysts,
    resumeReportSchedule: analysts,
    deleteReportSchedule: analysts,
    runReportScheduleNow: analysts,
    skipNextReportRun: analysts,
    approveReportDelivery: analysts,
    rejectReportDelivery: analysts,
    addReportRecipient: analysts,
    removeReportRecipient: analysts,
    confirmReportRecipient: anyone,
    declineReports: anyone,
  },
  entities: {
    ReportTemplate: reports,
    Report: reports,
    ReportShare: reports,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Organization: {
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
