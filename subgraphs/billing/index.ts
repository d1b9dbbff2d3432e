import { defineSubgraph } from '#kit/define-subgraph.js';
import { checkDatabase } from '#runtime/database/check-database.js';
import { publishIsSold } from '#runtime/entitlements/is-sold.js';
import { watchBilling } from '#runtime/telemetry/observe-billing.js';
import { createContext } from './context.js';
import { migrations, openBillingDatabase } from './database.js';
import { sealedWebhookSecrets } from './events/signing-secrets.js';
import { invariants } from './invariants.js';
import { followClockJob } from './jobs/follow-clock.js';
import { deletionJobs } from './jobs/follow-deletion.js';
import { noticeJobs } from './jobs/notice-jobs.js';
import { stripeJobs } from './jobs/stripe-jobs.js';
import { updateContactJob } from './jobs/update-contact.js';
import { permissions } from './permissions.js';
import { resolvers } from './resolvers/index.js';
import { closeCustomer } from './services/close-customer.js';
import { getBillingStatus } from './services/get-billing-status.js';
import { canSell } from './stripe/stripe-client.js';
import { meterJobs } from './usage/meters/meter-jobs.js';
import { trimUsageJob } from './usage/trim-usage.js';

/** Plans, and the subscription of each organization. */
export const billing = defineSubgraph({
  name: 'billing',
  resolvers,
  permissions,
  sealedColumns: [sealedWebhookSecrets],
  invariants,
  migrations,
  open: async (services) => {
    const database = await openBillingDatabase(services);
    await publishIsSold(services.operations, { isSold: canSell(services), now: services.now() });
    const status = () => getBillingStatus({ services, database });
    watchBilling(status);
    services.lifecycle.onClose('Metrics of billing', () => watchBilling(undefined));
    return {
      createContext: (identity) => createContext(services, database, identity),
      jobs: [
        followClockJob(services, database),
        ...noticeJobs(services, database),
        updateContactJob(services, database),
        ...deletionJobs(services, database),
        ...stripeJobs(services, database),
        trimUsageJob(services, database),
        ...meterJobs(services, database),
      ],
      eraseOrganization: (organizationId) => closeCustomer({ services, database }, { organizationId }),
      status: async () => ({ ...(await status()) }),
      checkReady: () => checkDatabase(services, database),
    };
  },
});
