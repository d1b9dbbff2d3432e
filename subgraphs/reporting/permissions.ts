import { atLeast, type Permissions, signedIn } from '#kit/permission.js';

/** Of members limited to some clients, only what covers nothing else. */
const reports = signedIn.withScope('read:reports').withinClients();

export const permissions: Permissions = {
  Query: {
    report: reports,
    reportTemplates: reports,
  },
  Mutation: {
    generateReport: atLeast('ANALYST', 'write:reports'),
    recordReportDownload: reports,
  },
  entities: {
    ReportTemplate: reports,
    Report: reports,
    Organization: signedIn.withAnyScope().withinClients(),
  },
  fields: {
    Organization: {
      reports,
      reportTemplates: reports,
    },
  },
};
