import type { AlertResolvers } from '#integrations/resolver-types.js';

export const Alert: AlertResolvers = {
  state: ({ resolvedAt }) => (resolvedAt ? 'RESOLVED' : 'RAISED'),
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  account: ({ accountId }, _args, { accountById }) => (accountId ? accountById.load(accountId) : null),
  acknowledgedById: ({ acknowledgedByUserId }) => acknowledgedByUserId,
};
