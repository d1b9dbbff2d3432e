import type { Format } from '#reporting/rendering/renderer.js';
import type {
  MutationResolvers,
  OrganizationResolvers,
  QueryResolvers,
  ReportFormat,
  ReportResolvers,
  ReportShareResolvers,
  SharedReportResolvers,
} from '#reporting/resolver-types.js';
import { createReportShare } from '#reporting/shares/create-report-share.js';
import { isActive } from '#reporting/shares/find-share.js';
import { listReportShares } from '#reporting/shares/list-report-shares.js';
import { openSharedReport } from '#reporting/shares/open-shared-report.js';
import { revokeReportShare } from '#reporting/shares/revoke-report-share.js';
import { unlockSharedReport } from '#reporting/shares/unlock-shared-report.js';
import { viewSharedReport } from '#reporting/shares/view-shared-report.js';
import { NotFound } from '#runtime/errors.js';

const formatOf = (format: ReportFormat) => format.toLowerCase() as Format;
const namesOf = (formats: Format[]) => formats.map((format) => format.toUpperCase() as ReportFormat);

export const shareQuery: Pick<QueryResolvers, 'sharedReport'> = {
  sharedReport: (_root, given, context) => openSharedReport(context, given),
};

export const shareMutation: Pick<
  MutationResolvers,
  'createReportShare' | 'revokeReportShare' | 'viewSharedReport' | 'unlockSharedReport'
> = {
  createReportShare: (_root, { formats, ...given }, context) =>
    createReportShare(context, { ...given, formats: formats?.map(formatOf) }),
  revokeReportShare: async (_root, given, context) => ({ share: await revokeReportShare(context, given) }),
  viewSharedReport: (_root, given, context) => viewSharedReport(context, given),
  unlockSharedReport: (_root, given, context) => unlockSharedReport(context, given),
};

export const SharedReport: SharedReportResolvers = {
  formats: ({ formats }) => namesOf(formats),
  logo: (shared) => shared.logo(),
};

export const ReportShare: ReportShareResolvers = {
  __resolveReference: ({ id }, { shareById }) => shareById.load(id),
  report: async ({ reportId }, _args, { reportById }) => {
    const report = await reportById.load(reportId);
    if (!report) throw new NotFound('report');
    return report;
  },
  isActive: (share, _args, { services }) => isActive(share, services.now()),
  formats: ({ formats }) => namesOf(formats),
  hasPassword: ({ passwordHash }) => passwordHash !== null,
  createdBy: ({ createdBy }, _args, { identity: { userId, clientIds } }) =>
    createdBy && (!clientIds || createdBy === userId) ? { id: createdBy } : null,
};

export const sharesOfReport: ReportResolvers['shares'] = ({ id }, _args, { sharesByReport }) => sharesByReport.load(id);

export const sharesOfOrganization: OrganizationResolvers['reportShares'] = ({ id: organizationId }, page, context) =>
  listReportShares(context, { organizationId, ...page });
