import { defineSubgraph } from '#kit/define-subgraph.js';
import { createContext } from './context.js';
import { migrations, openAuthDatabase } from './database.js';
import { invariants } from './invariants.js';
import { eraseOrganizationsJob } from './jobs/erase-organizations.js';
import { sendPasswordResetJob } from './jobs/send-password-reset.js';
import { sendSignUpMailJob } from './jobs/send-sign-up-mail.js';
import { trimInvitationsJob } from './jobs/trim-invitations.js';
import { trimOneTimeTokensJob } from './jobs/trim-one-time-tokens.js';
import { trimSessionsJob } from './jobs/trim-sessions.js';
import { warnOfExpiringKeysJob } from './jobs/warn-of-expiring-keys.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';
import { personalData } from './services/personal-data/personal-data.js';
import { sealedTwoFactor } from './services/two-factor/two-factor-seal.js';

/** Who people are, which organization they work in, and the sessions they do it with. */
export const auth = defineSubgraph({
  name: 'auth',
  resolvers,
  permissions,
  sealedColumns: [sealedTwoFactor],
  invariants,
  migrations,
  open: async (services) => {
    const database = await openAuthDatabase(services);
    return {
      createContext: (identity) => createContext(services, database, identity),
      jobs: [
        trimSessionsJob(database, services.now),
        trimInvitationsJob(database, services.now),
        eraseOrganizationsJob(services, database),
        trimOneTimeTokensJob(database, services.now),
        sendPasswordResetJob(services, database),
        sendSignUpMailJob(services, database),
        warnOfExpiringKeysJob(services, database),
      ],
      personalData: (personId) => personalData(database, personId),
      checkReady: async () => void (await database.query('SELECT 1')),
    };
  },
});
