import type { OrganizationResolvers } from '#reporting/resolver-types.js';
import { listReportTemplates } from '#reporting/services/list-report-templates.js';
import { listReports } from '#reporting/services/list-reports.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  reports: ({ id: organizationId }, page, context) => listReports(context, { organizationId, ...page }),
  reportTemplates: (_organization, _args, context) => listReportTemplates(context),
};
