import { describeProviderById } from '../providers/index.js';
import type { AccountResolvers } from '../resolver-types.js';
import { existing } from '../services/existing.js';
import { listAccountCampaigns } from '../services/list-account-campaigns.js';

export const Account: AccountResolvers = {
  __resolveReference: ({ id }, { accountById }) => accountById.load(id),
  provider: ({ providerId }) => describeProviderById(providerId),
  connection: async ({ connectionId }, _args, { connectionById }) =>
    existing(await connectionById.load(connectionId), 'connection'),
  status: ({ isActive }) => (isActive ? 'ACTIVE' : 'INACTIVE'),
  campaigns: (account, args, context) => listAccountCampaigns(context, account, args),
};
