import { defineSubgraph } from '#kit/define-subgraph.js';
import { checkDatabase } from '#runtime/database/check-database.js';
import { NotFound } from '#runtime/errors.js';
import { createContext, jobContext } from './context.js';
import { migrations, openReportingDatabase } from './database.js';
import { invariants } from './invariants.js';
import { dropClientBrandingJob } from './jobs/drop-client-branding.js';
import { expireReportsJob } from './jobs/expire-reports.js';
import { notifyOverageJob } from './jobs/notify-overage.js';
import { requeueReportsJob } from './jobs/requeue-reports.js';
import { runReportJob } from './jobs/run-report.js';
import {
  deliverReportJob,
  queueDeliveriesJob,
  reviewAllSchedulesJob,
  reviewSchedulesJob,
  runSchedulesJob,
} from './jobs/schedule-jobs.js';
import { trimReportOrdersJob } from './jobs/trim-report-orders.js';
import { stopReports } from './making/stop-reports.js';
import { permissions } from './permissions.js';
import { openReportFile } from './rendering/open-report-file.js';
import { renderHostOf } from './rendering/render-host.js';
import { resolvers } from './resolvers/index.js';
import { personalData } from './services/personal-data.js';

/** Reports: ordered by people and API keys, made by jobs, immutable afterwards. */
export const reporting = defineSubgraph({
  name: 'reporting',
  resolvers,
  permissions,
  invariants,
  migrations,
  open: async (services) => {
    const database = await openReportingDatabase(services);
    const dependencies = { services, database };
    // Open before the server, and closed after it.
    renderHostOf(services).open();
    return {
      createContext: (identity) => createContext(services, database, identity),
      jobs: [
        runReportJob(dependencies),
        requeueReportsJob(dependencies),
        notifyOverageJob(dependencies),
        runSchedulesJob(dependencies),
        queueDeliveriesJob(dependencies),
        deliverReportJob(dependencies),
        reviewSchedulesJob(dependencies),
        reviewAllSchedulesJob(dependencies),
        dropClientBrandingJob(dependencies),
        trimReportOrdersJob(dependencies),
        expireReportsJob(dependencies),
      ],
      eraseOrganization: (organizationId) => stopReports(jobContext(dependencies), { organizationId }),
      personalData: (personId) => personalData(jobContext(dependencies), { personId }),
      openFile: async (request, identity, signal) => {
        if (request.kind !== 'report') throw new NotFound('file');
        return openReportFile(createContext(services, database, identity), request, signal);
      },
      checkReady: () => checkDatabase(services, database),
    };
  },
});
