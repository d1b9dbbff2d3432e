import { defineSubgraph } from '#kit/define-subgraph.js';
import { createContext } from './context.js';
import { migrations, openReportingDatabase } from './database.js';
import { invariants } from './invariants.js';
import { requeueReportsJob } from './jobs/requeue-reports.js';
import { runReportJob } from './jobs/run-report.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';
import { personalData } from './services/personal-data.js';
import { stopReports } from './services/stop-reports.js';

/** Reports: ordered by people, made in the background, kept as they were made. */
export const reporting = defineSubgraph({
  name: 'reporting',
  resolvers,
  permissions,
  invariants,
  migrations,
  open: async (services) => {
    const database = await openReportingDatabase(services);
    return {
      createContext: (identity) => createContext(services, database, identity),
      jobs: [runReportJob(services, database), requeueReportsJob(services, database)],
      eraseOrganization: (organizationId) => stopReports(services, database, organizationId),
      personalData: (personId) => personalData(database, personId),
      checkReady: async () => void (await database.query('SELECT 1')),
    };
  },
});
