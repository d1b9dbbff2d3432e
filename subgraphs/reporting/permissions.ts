import { atLeast, type Permissions, signedIn } from '#kit/permission.js';

const reports = signedIn.withScope('read:reports');

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
    Organization: signedIn.withAnyScope(),
  },
  fields: {
    Organization: {
      reports,
      reportTemplates: reports,
    },
  },
};
