import { defineSubgraph } from '../subgraph.js';
import { createContext } from './context.js';
import { migrations, openAuthDatabase } from './database.js';
import { invariants } from './invariants.js';
import { trimSessionsJob } from './jobs/trim-sessions.js';
import { warnOfExpiringKeysJob } from './jobs/warn-of-expiring-keys.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';

/** Who people are, which organization they work in, and the sessions they do it with. */
export const auth = defineSubgraph({
  name: 'auth',
  resolvers,
  permissions,
  invariants,
  migrations,
  open: async (runtime) => {
    const database = await openAuthDatabase(runtime);
    return {
      createContext: (identity) => createContext(runtime, database, identity),
      jobs: [trimSessionsJob(database, runtime.now), warnOfExpiringKeysJob(runtime, database)],
      checkReady: async () => void (await database.query('SELECT 1')),
    };
  },
});
