import { defineSubgraph } from '#kit/define-subgraph.js';
import { createContext } from './context.js';
import { migrations } from './database.js';
import { openEquipment } from './equipment.js';
import { invariants } from './invariants.js';
import { connectionJobs } from './jobs/connection-jobs.js';
import { copyHistoryJob } from './jobs/copy-history.js';
import { queueHistoriesJob } from './jobs/queue-histories.js';
import { refreshTokensJob } from './jobs/refresh-tokens.js';
import { trimHistoriesJob } from './jobs/trim-histories.js';
import { permissions } from './permissions.js';
import { findProviderProblems } from './providers/find-provider-problems.js';
import { resolvers } from './resolvers/index.js';
import { countConnections } from './services/connect/count-connections.js';
import { prepareErasure } from './services/connect/prepare-erasure.js';
import { personalData } from './services/shared/personal-data.js';
import { sealedTokens } from './services/tokens/token-seal.js';

/** The connections to providers, the accounts they open, and what those accounts know. */
export const integrations = defineSubgraph({
  name: 'integrations',
  resolvers,
  permissions,
  sealedColumns: [sealedTokens],
  invariants,
  migrations,
  findSettingsProblems: findProviderProblems,
  open: async (services) => {
    const equipment = await openEquipment(services);
    return {
      createContext: (identity) => createContext(equipment, identity),
      jobs: [
        refreshTokensJob(equipment),
        queueHistoriesJob(equipment),
        copyHistoryJob(equipment),
        trimHistoriesJob(equipment),
        ...connectionJobs(equipment),
      ],
      eraseOrganization: (organizationId, run) => prepareErasure(equipment, organizationId, run),
      personalData: (personId) => personalData(equipment.database, personId),
      checkReady: async () => void (await equipment.database.query('SELECT 1')),
      status: async () => ({ connections: await countConnections(equipment.database) }),
    };
  },
});
