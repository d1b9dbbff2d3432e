import { defineSubgraph } from '#kit/define-subgraph.js';
import { publishIsSold } from '#runtime/entitlements/is-sold.js';
import { createContext } from './context.js';
import { migrations, openBillingDatabase } from './database.js';
import { invariants } from './invariants.js';
import { reportEndedTrialsJob } from './jobs/report-ended-trials.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';
import { canSell } from './stripe/stripe-client.js';

/** Plans, and the subscription of each organization. */
export const billing = defineSubgraph({
  name: 'billing',
  resolvers,
  permissions,
  invariants,
  migrations,
  open: async (services) => {
    const database = await openBillingDatabase(services);
    await publishIsSold(services.operations, { isSold: canSell(services), now: services.now() });
    return {
      createContext: (identity) => createContext(services, database, identity),
      jobs: [reportEndedTrialsJob(services, database)],
      checkReady: async () => void (await database.query('SELECT 1')),
    };
  },
});
