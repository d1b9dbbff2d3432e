import type { AccountHistoryResolvers, ClientResolvers } from '#integrations/resolver-types.js';

export const AccountHistory: AccountHistoryResolvers = {
  restatedDays: ({ providerId, ownRestatedDays }, _args, { providers }) =>
    ownRestatedDays ?? providers.find(providerId)?.history?.restatedDays ?? null,
};

export const Client: ClientResolvers = {
  __resolveReference: ({ id }, { clientById }) => clientById.load(id),
  accounts: ({ id }, _args, { accountsByClient }) => accountsByClient.load(id),
};
