import type { Context } from '#integrations/context.js';
import type { Account as AccountRow } from '#integrations/entities/account.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { AccountResolvers } from '#integrations/resolver-types.js';
import { readAnalyticsCatalogue } from '#integrations/services/analytics/analytics-catalogue.js';
import { listAccountCampaigns } from '#integrations/services/campaigns/list-account-campaigns.js';
import { listAccountDays } from '#integrations/services/campaigns/list-metrics-daily.js';
import { currentAccount } from '#integrations/services/health/current-state.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { listLocations } from '#integrations/services/places/list-locations.js';

/** Pending before anything is awaited, as the plan that allows it: connection health is reported after it. */
const pending = <Answer>({ pendingAnswers }: Context, { connectionId }: AccountRow, answer: Promise<Answer>) =>
  pendingAnswers.add(connectionId, answer);

export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { accountById }) => accountById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  connection: async ({ connectionId }, _args, { connectionById }) =>
    existing(await connectionById.load(connectionId), 'connection'),
  fault: async (account, _args, context) => faultOfAccount(await currentAccount(context, account)),
  isReadOnly: async ({ id, connectionId, organizationId }, _args, { plan }) =>
    (await plan.surplus(organizationId, 'CONNECTIONS')).ids.has(connectionId) ||
    (await plan.surplus(organizationId, 'ACCOUNTS')).ids.has(id),
  status: ({ isActive }) => (isActive ? 'ACTIVE' : 'INACTIVE'),
  campaigns: (account, args, context) => pending(context, account, listAccountCampaigns(context, { account, ...args })),
  metricsDaily: (account, { range }, context) =>
    pending(context, account, listAccountDays(context, { account, range })),
  analyticsCatalogue: (account, _args, context) =>
    pending(context, account, readAnalyticsCatalogue(context, { account })),
  history: ({ id }, _args, { historyByAccount }) => historyByAccount.load(id),
  locations: (account, args, context) => pending(context, account, listLocations(context, { account, ...args })),
};
