import type { AccountHistoryResolvers, ClientResolvers, UsageDayResolvers } from '#integrations/resolver-types.js';

export const AccountHistory: AccountHistoryResolvers = {
  restatedDays: ({ providerId, ownRestatedDays }, _args, { providers }) =>
    ownRestatedDays ?? providers.find(providerId)?.history?.restatedDays ?? null,
};

export const Client: ClientResolvers = {
  __resolveReference: ({ id }, { clientById }) => clientById.load(id),
  isReadOnly: async ({ id, organizationId }, _args, { plan }) =>
    (await plan.surplus(organizationId, 'CLIENTS')).ids.has(id),
  accounts: ({ id }, _args, { accountsByClient }) => accountsByClient.load(id),
};

export const UsageDay: UsageDayResolvers = {
  __resolveReference: (reference, { identity }) =>
    reference.organizationId === identity.organizationId ? reference : null,
  accounts: ({ date }, _args, { accountsByDay }) => accountsByDay.load(date),
};
