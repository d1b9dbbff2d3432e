import { atLeast, type Permissions, signedIn } from '../permission.js';

export const permissions: Permissions = {
  Query: {
    report: signedIn,
    reportTemplates: signedIn,
  },
  Mutation: {
    generateReport: atLeast('ANALYST'),
    recordReportDownload: signedIn,
  },
  entities: {
    ReportTemplate: signedIn,
    Report: signedIn,
    Organization: signedIn,
  },
  fields: {
    Organization: {
      reports: signedIn,
      reportTemplates: signedIn,
    },
  },
};
