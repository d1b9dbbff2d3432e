import { defineSubgraph } from '#kit/define-subgraph.js';
import { checkDatabase } from '#runtime/database/check-database.js';
import { NotFound } from '#runtime/errors.js';
import { sealedWebhookSecrets } from '#runtime/webhooks/endpoint.js';
import { createContext, jobContext } from './context.js';
import { migrations, openAuthDatabase } from './database.js';
import { invariants } from './invariants.js';
import { deliverWebhooksJobs } from './jobs/deliver-webhooks.js';
import { dropClientJob } from './jobs/drop-client.js';
import { eraseOrganizationsJob } from './jobs/erase-organizations.js';
import { sendPasswordResetJob } from './jobs/send-password-reset.js';
import { sendSignUpMailJob } from './jobs/send-sign-up-mail.js';
import { trimInvitationsJob, trimOneTimeTokensJob, trimSessionsJob } from './jobs/trim-expired.js';
import { warnOfExpiringKeysJob } from './jobs/warn-of-expiring-keys.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';
import { openAuditFile } from './services/audit/open-audit-file.js';
import { personalData } from './services/personal-data/personal-data.js';
import { sealedTwoFactor } from './services/two-factor/totp.js';

/** Accounts, sessions and API keys, organizations and their members. */
export const auth = defineSubgraph({
  name: 'auth',
  resolvers,
  permissions,
  sealedColumns: [sealedTwoFactor, ...sealedWebhookSecrets],
  invariants,
  migrations,
  open: async (services) => {
    const database = await openAuthDatabase(services);
    const dependencies = { services, database };
    return {
      createContext: (identity, reads) => createContext(services, database, identity, reads),
      jobs: [
        trimSessionsJob(dependencies),
        trimInvitationsJob(dependencies),
        eraseOrganizationsJob(dependencies),
        trimOneTimeTokensJob(dependencies),
        sendPasswordResetJob(dependencies),
        sendSignUpMailJob(dependencies),
        warnOfExpiringKeysJob(dependencies),
        dropClientJob(dependencies),
        ...deliverWebhooksJobs(dependencies),
      ],
      openFile: async (request, identity, signal) => {
        if (request.kind !== 'audit') throw new NotFound('file');
        return openAuditFile(createContext(services, database, identity), request, signal);
      },
      personalData: (personId) => personalData(jobContext(dependencies), { personId }),
      checkReady: () => checkDatabase(services, database),
    };
  },
});
