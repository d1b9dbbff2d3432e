import type { ClientResolvers } from '#integrations/resolver-types.js';

export const Client: ClientResolvers = {
  __resolveReference: ({ id }, { clientById }) => clientById.load(id),
  accounts: ({ id }, _args, { accountsByClient }) => accountsByClient.load(id),
};
