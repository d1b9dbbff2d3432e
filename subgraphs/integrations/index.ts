import { defineSubgraph } from '#kit/define-subgraph.js';
import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import { checkDatabase } from '#runtime/database/check-database.js';
import { watchConnections } from '#runtime/telemetry/observe-connections.js';
import { createContext, createJobContext } from './create-context.js';
import { migrations } from './database.js';
import { openDependencies } from './dependencies.js';
import { invariants } from './invariants.js';
import { evaluateAlertsJob, queueAlertsJob } from './jobs/alert-jobs.js';
import { endConsentsJob, notifyUsersJob, trimConsentsJob } from './jobs/consent-jobs.js';
import { copyHistoryJob, openHistoriesJob, queueHistoriesJob, trimHistoriesJob } from './jobs/history-jobs.js';
import { endMembershipJob } from './jobs/membership-jobs.js';
import { copyRatesJob } from './jobs/rate-jobs.js';
import { syncConnectionJob, syncConnectionsJob } from './jobs/sync-jobs.js';
import { refreshTokensJob } from './jobs/token-jobs.js';
import { countAccountsJob } from './jobs/usage-jobs.js';
import { permissions } from './permissions.js';
import { findProviderProblems } from './providers/index.js';
import { resolvers } from './resolvers/index.js';
import { countConnections } from './services/connect/list-connections.js';
import { sealedConsents } from './services/connect/pending-consent.js';
import { prepareErasure } from './services/connect/prepare-erasure.js';
import { readConnectionFigures } from './services/connect/read-connection-figures.js';
import { personalData } from './services/shared/personal-data.js';
import { sealedTokens } from './services/tokens/token-seal.js';

/** All connections are counted. */
const FIGURES_MEMORY_MS = 15_000;

/** Connections to providers, their accounts, and the figures of those. */
export const integrations = defineSubgraph({
  name: 'integrations',
  resolvers,
  permissions,
  sealedColumns: [sealedTokens, sealedConsents],
  invariants,
  migrations,
  findSettingsProblems: findProviderProblems,
  open: async (services) => {
    const dependencies = await openDependencies(services);
    const { database } = dependencies;
    const readFigures = () => readConnectionFigures(createJobContext(dependencies));
    watchConnections(rememberBriefly(readFigures, FIGURES_MEMORY_MS));
    services.lifecycle.onClose('Metrics of connections', () => watchConnections(undefined));
    return {
      createContext: (identity) => createContext(dependencies, identity),
      jobs: [
        refreshTokensJob(dependencies),
        openHistoriesJob(dependencies),
        queueHistoriesJob(dependencies),
        copyHistoryJob(dependencies),
        trimHistoriesJob(dependencies),
        copyRatesJob(dependencies),
        syncConnectionsJob(dependencies),
        syncConnectionJob(dependencies),
        queueAlertsJob(dependencies),
        evaluateAlertsJob(dependencies),
        notifyUsersJob(dependencies),
        endConsentsJob(dependencies),
        endMembershipJob(dependencies),
        trimConsentsJob(dependencies),
        countAccountsJob(dependencies),
      ],
      eraseOrganization: (organizationId, { attempt, signal }) =>
        prepareErasure(createJobContext(dependencies, organizationId), { organizationId, attempt, signal }),
      personalData: (personId) => personalData(createJobContext(dependencies), { personId }),
      checkReady: () => checkDatabase(services, database),
      status: async () => ({ connections: await countConnections(createJobContext(dependencies)) }),
    };
  },
});
