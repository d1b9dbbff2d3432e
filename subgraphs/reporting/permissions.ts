import { atLeast, type Permissions, service, signedIn } from '#kit/permission.js';

/** Of members limited to some clients, only what covers nothing else. */
const reports = signedIn.withScope('read:reports').withinClients();

export const permissions: Permissions = {
  Query: {
    report: reports,
    reportTemplates: reports,
    sharedReport: service,
  },
  Mutation: {
    generateReport: atLeast('ANALYST', 'write:reports'),
    recordReportDownload: reports,
    createReportShare: atLeast('ANALYST', 'write:reports'),
    revokeReportShare: atLeast('ANALYST', 'write:reports'),
    setReportSummary: atLeast('ADMIN'),
    viewSharedReport: service,
    unlockSharedReport: service,
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
    },
  },
};
