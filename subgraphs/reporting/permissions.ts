import { anyone, atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

/** Of members limited to some clients, only what covers nothing else. */
const reports = signedIn.withScope('read:reports').withinClients();
const writesReports = atLeast('ANALYST', 'write:reports');

const analysts = atLeast('ANALYST', 'write:reports');

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
    setReportSummary: atLeast('ADMIN'),
    setBranding: atLeast('ADMIN'),
    removeBranding: atLeast('ADMIN'),
    removeLogo: atLeast('ADMIN'),
    uploadLogo: atLeast('ADMIN'),
    viewSharedReport: service,
    unlockSharedReport: service,
    createReportSchedule: writesReports,
    updateReportSchedule: writesReports,
    pauseReportSchedule: writesReports,
    resumeReportSchedule: writesReports,
    deleteReportSchedule: writesReports,
    runReportScheduleNow: writesReports,
    skipNextReportRun: writesReports,
    approveReportDelivery: writesReports,
    rejectReportDelivery: writesReports,
    addReportRecipient: writesReports,
    removeReportRecipient: writesReports,
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
