import { describeProviderById } from '../providers/index.js';
import type { AccountResolvers } from '../resolver-types.js';
import { currentAccount } from '../services/current-state.js';
import { faultOfAccount } from '../services/diagnose.js';
import { existing } from '../services/existing.js';
import { listAccountCampaigns } from '../services/list-account-campaigns.js';
import { listEvents } from '../services/list-events.js';
import { listLocations } from '../services/list-locations.js';
import { listAccountDays } from '../services/list-metrics-daily.js';
import { listPosts, listPostsById } from '../services/list-posts.js';
import { listSearchQueries } from '../services/list-search-queries.js';
import { runAnalyticsReport } from '../services/run-analytics-report.js';

export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { accountById }) => accountById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  connection: async ({ connectionId }, _args, { connectionById }) =>
    existing(await connectionById.load(connectionId), 'connection'),
  fault: async (account, _args, context) => faultOfAccount(await currentAccount(context, account)),
  status: ({ isActive }) => (isActive ? 'ACTIVE' : 'INACTIVE'),
  campaigns: (account, args, context) => listAccountCampaigns(context, account, args),
  metricsDaily: (account, { range }, context) => listAccountDays(context, account, range),
  searchQueries: (account, args, context) => listSearchQueries(context, account, args),
  events: (account, args, context) => listEvents(context, account, args),
  analyticsReport: (account, args, context) => runAnalyticsReport(context, account, args),
  posts: (account, args, context) => listPosts(context, account, args),
  postsById: (account, { externalIds }, context) => listPostsById(context, account, externalIds),
  history: ({ id }, _args, { historyByAccount }) => historyByAccount.load(id),
  locations: (account, page, context) => listLocations(context, account, page),
};
